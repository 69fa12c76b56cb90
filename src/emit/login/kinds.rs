//! One function for each reader.

use super::Facts;

/// Dockerfiles, Compose, Skaffold, Bake: whoever runs Docker.
pub(super) fn docker(facts: &Facts) -> String {
    let Facts { host, command, placeholders, .. } = facts;
    format!(
        r#"#!/bin/sh
# Logs Docker in to ECR for 12 hours: before docker build, docker compose, docker buildx bake, skaffold.
# Instead of this step, amazon-ecr-credential-helper logs in whenever it is needed, by ~/.docker/config.json:
#   {{"credHelpers": {{"{host}": "ecr-login"}}}}
{placeholders}{command}
"#
    )
}

/// GitHub pulls the images of a job before its first step, so the token comes from a job before.
pub(super) fn github(facts: &Facts) -> String {
    let Facts { host, account, region, image, placeholders, dashes, .. } = facts;
    let output = host.replace(['.', '-'], "_");
    format!(
        r#"# A job's container and services are pulled before its first step: an earlier job logs in and hands the token on.
# Outputs that are masked do not reach other jobs, hence mask-password; the token is in no log unless a step prints it or
# debug logging is on, and holds for 12 hours. For docker build within a job, the two steps of "ecr" are enough.
# AWS_ROLE_ARN is a variable of the repository: a role that trusts GitHub's OpenID Connect, with the pull policy.
{placeholders}{dashes}name: build
on: push
permissions:
  contents: read
  id-token: write
jobs:
  ecr:
    runs-on: ubuntu-latest
    outputs:
      username: ${{{{ steps.login.outputs.docker_username_{output} }}}}
      password: ${{{{ steps.login.outputs.docker_password_{output} }}}}
    steps:
      - uses: aws-actions/configure-aws-credentials@v4
        with:
          role-to-assume: ${{{{ vars.AWS_ROLE_ARN }}}}
          aws-region: {region}
      - id: login
        uses: aws-actions/amazon-ecr-login@v2
        with:
          registries: "{account}"
          mask-password: "false"
  build:
    needs: ecr
    runs-on: ubuntu-latest
    container:
      image: {image}
      credentials:
        username: ${{{{ needs.ecr.outputs.username }}}}
        password: ${{{{ needs.ecr.outputs.password }}}}
    steps:
      - run: echo "this runs in the cached image"
"#
    )
}

/// GitLab's runner pulls, with what DOCKER_AUTH_CONFIG says.
pub(super) fn gitlab(facts: &Facts) -> String {
    let Facts { host, image, placeholders, .. } = facts;
    format!(
        r#"# The runner pulls images before the script: it needs docker-credential-ecr-login on its PATH, and AWS credentials with
# the pull policy, such as a role of its instance. DOCKER_AUTH_CONFIG can also be a variable of the project or be set in
# the runner's config.toml.
{placeholders}variables:
  DOCKER_AUTH_CONFIG: '{{"credHelpers": {{"{host}": "ecr-login"}}}}'
build:
  image: {image}
  script:
    - echo "this runs in the cached image"
"#
    )
}

/// `CircleCI` logs in itself, with a role or a key beside the image.
pub(super) fn circleci(facts: &Facts) -> String {
    let Facts { account, image, placeholders, .. } = facts;
    format!(
        r#"# The role trusts CircleCI's OpenID Connect and has the pull policy. With an access key instead, aws_auth has
# aws_access_key_id and aws_secret_access_key, each the name of a variable.
{placeholders}version: 2.1
jobs:
  build:
    docker:
      - image: {image}
        aws_auth:
          oidc_role_arn: arn:aws:iam::{account}:role/circleci-pull
    steps:
      - run: echo "this runs in the cached image"
workflows:
  build:
    jobs:
      - build
"#
    )
}

/// `CodeBuild`: the image of the build itself is pulled by the service role, commands log in.
pub(super) fn buildspec(facts: &Facts) -> String {
    let Facts { command, placeholders, .. } = facts;
    format!(
        r#"# Commands pull after this login, with the service role of the project, which needs the pull policy. An image that the
# build itself runs in is pulled by that role too, if the project says imagePullCredentialsType: SERVICE_ROLE.
{placeholders}version: 0.2
phases:
  pre_build:
    commands:
      - {command}
"#
    )
}

/// Copilot: a patch of the service's stack.
pub(super) fn copilot(facts: &Facts) -> String {
    let Facts { placeholders, repositories, .. } = facts;
    let resources: String = repositories.iter().map(|arn| format!("            - {arn}\n")).collect();
    format!(
        r#"# Nobody logs in: the execution role pulls, and needs two actions that Copilot does not give it. This is
# copilot/SERVICE/overrides/cfn.patches.yml, which `copilot svc override --tool yamlpatch` creates.
{placeholders}- op: add
  path: /Resources/ExecutionRole/Properties/Policies/-
  value:
    PolicyName: PullThroughCache
    PolicyDocument:
      Version: "2012-10-17"
      Statement:
        - Effect: Allow
          Action:
            - ecr:BatchImportUpstreamImage
            - ecr:CreateRepository
          Resource:
{resources}"#
    )
}

/// Dev containers: JSON without comments, so that every reader takes it.
pub(super) fn devcontainer(facts: &Facts) -> String {
    let Facts { command, image, .. } = facts;
    format!("{{\n  \"name\": \"project\",\n  \"image\": \"{image}\",\n  \"initializeCommand\": \"{command}\"\n}}\n")
}

/// Beanstalk: the instances pull.
pub(super) fn dockerrun(facts: &Facts) -> String {
    let Facts { placeholders, repositories, .. } = facts;
    let resources: Vec<String> = repositories.iter().map(|arn| format!("\"{arn}\"")).collect();
    let resources = resources.join(",");
    format!(
        r#"#!/bin/sh
# Nobody logs in: the instances of the environment pull, with the role of their instance profile. This gives it what the
# managed policies of Beanstalk lack. Set INSTANCE_ROLE if it is not the default one.
{placeholders}set -eu
aws iam put-role-policy --role-name "${{INSTANCE_ROLE:-aws-elasticbeanstalk-ec2-role}}" --policy-name pull-through-cache \
  --policy-document '{{"Version":"2012-10-17","Statement":[
    {{"Effect":"Allow","Action":"ecr:GetAuthorizationToken","Resource":"*"}},
    {{"Effect":"Allow","Action":["ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:BatchImportUpstreamImage",
      "ecr:CreateRepository","ecr:GetDownloadUrlForLayer"],"Resource":[{resources}]}}]}}'
"#
    )
}

/// Bitbucket logs in itself, with a role or a key beside the image.
pub(super) fn bitbucket(facts: &Facts) -> String {
    let Facts { account, image, placeholders, .. } = facts;
    format!(
        r#"# The role trusts Bitbucket's OpenID Connect and has the pull policy. With an access key instead, aws has access-key and
# secret-key, each a variable: $AWS_ACCESS_KEY_ID.
{placeholders}pipelines:
  default:
    - step:
        name: build
        oidc: true
        image:
          name: {image}
          aws:
            oidc-role: arn:aws:iam::{account}:role/bitbucket-pull
        script:
          - echo "this runs in the cached image"
"#
    )
}

/// Azure Pipelines: a step for Docker; the container of a job is pulled before it.
pub(super) fn azure(facts: &Facts) -> String {
    let Facts { host, command, placeholders, .. } = facts;
    format!(
        r#"# The step logs in for docker commands after it, with a key that has the pull policy, in secret variables of the
# pipeline. Containers of jobs and resources are pulled before any step: they need an agent of your own with
# amazon-ecr-credential-helper for {host}, since the token of a Docker
# service connection would hold for 12 hours only.
{placeholders}steps:
  - bash: {command}
    displayName: Log in to ECR
    env:
      AWS_ACCESS_KEY_ID: $(AWS_ACCESS_KEY_ID)
      AWS_SECRET_ACCESS_KEY: $(AWS_SECRET_ACCESS_KEY)
"#
    )
}

/// Buildkite: the plugin logs the agent in before others pull.
pub(super) fn buildkite(facts: &Facts) -> String {
    let Facts { account, region, image, placeholders, .. } = facts;
    format!(
        r#"# The plugin of ECR logs the agent in, so it stands before the one that pulls. The agent needs AWS credentials with the
# pull policy, such as the role of its instance.
{placeholders}steps:
  - label: build
    command: echo "this runs in the cached image"
    plugins:
      - ecr#v2.9.0:
          login: true
          account-ids: "{account}"
          region: {region}
      - docker#v5.12.0:
          image: {image}
"#
    )
}
