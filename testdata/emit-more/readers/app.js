// Synthesises each compiled construct in a stack that uses all of it.
//
//   node app.js OUT VARIANTS   with VARIANTS as JSON: [{"name", "props": {NAME: TYPE}}]
const fs = require("fs");
const path = require("path");
const { App, CfnParameter, SecretValue, Stack } = require("aws-cdk-lib");
const ec2 = require("aws-cdk-lib/aws-ec2");
const ecr = require("aws-cdk-lib/aws-ecr");
const ecs = require("aws-cdk-lib/aws-ecs");
const iam = require("aws-cdk-lib/aws-iam");

const [out, variants] = process.argv.slice(2);
for (const { name, props } of JSON.parse(fs.readFileSync(variants, "utf8"))) {
  const app = new App({ analyticsReporting: false, outdir: path.join(out, name) });
  const stack = new Stack(app, "Stack");
  const vpc = new ec2.Vpc(stack, "Vpc", { maxAzs: 2, natGateways: 0 });
  const taskDefinition = new ecs.FargateTaskDefinition(stack, "Task");
  taskDefinition.addContainer("web", { image: ecs.ContainerImage.fromRegistry("web") });
  const service = new ecs.FargateService(stack, "Service", {
    cluster: new ecs.Cluster(stack, "Cluster", { vpc }),
    taskDefinition,
  });
  const value = {
    SecretValue: (id) => SecretValue.cfnParameter(new CfnParameter(stack, id, { noEcho: true })),
    string: () => "arn:aws:iam::111122223333:role/reader",
    "ec2.IVpc": () => vpc,
    "ec2.SubnetSelection": () => ({ subnetType: ec2.SubnetType.PRIVATE_ISOLATED }),
    "ec2.IConnectable[]": () => [service],
  };
  const given = Object.fromEntries(Object.entries(props).map(([key, type]) => [key, value[type](key)]));
  const { EcrPullThroughCache } = require(path.join(process.cwd(), "compiled", name));
  const cache = new EcrPullThroughCache(stack, "EcrPullThroughCache", given);
  const repository = new ecr.Repository(stack, "Repository");
  if (cache.grantPull) {
    cache.grantPull(taskDefinition.obtainExecutionRole());
    cache.grantPull(iam.Role.fromRoleName(stack, "Imported", "node-role"));
  }
  if (cache.executionRole) {
    cache.executionRole("Own");
  }
  if (cache.registryStatements) {
    const statements = cache.registryStatements([new iam.AccountRootPrincipal()]);
    new ecr.CfnRegistryPolicy(stack, "RegistryPolicy", { policyText: new iam.PolicyDocument({ statements }) });
  }
  if (cache.grantBuild) {
    const build = new iam.Role(stack, "Build", { assumedBy: new iam.ServicePrincipal("codebuild.amazonaws.com") });
    cache.grantBuild(build, repository);
  }
  if (cache.ready) {
    service.node.addDependency(cache.ready);
  }
  app.synth();
}
