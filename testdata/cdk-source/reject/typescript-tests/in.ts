import * as cdk from "aws-cdk-lib";
import * as ecs from "aws-cdk-lib/aws-ecs";

describe("the web", () => {
  const expected = { ContainerDefinitions: [{ Image: "nginx:1.27" }] };
  const image = ecs.ContainerImage.fromRegistry("redis:7");
  expect(manifest).toEqual([{ apiVersion: "v1", kind: "Pod", spec: { containers: [{ image: "caddy:2" }] } }]);
});
