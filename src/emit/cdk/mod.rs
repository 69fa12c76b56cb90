//! The needs as a construct of the AWS CDK, in TypeScript and in Python.
//!
//! Both texts make the same constructs with the same ids, so that they synthesise to the same template. Account, region
//! and partition are those of the stack, unless literals are asked for. ECR's constructs are those of CloudFormation: the
//! CDK has no others for rules and templates (`aws-ecr`, 2.276.0), and its `grantPull` lacks the two actions of the cache.

mod python;
mod typescript;

use super::{Needs, PullingRole, RoleDefinition, Section, Style, name};
use crate::policy::CacheRule;

pub(super) use python::emit as python;
pub(super) use typescript::emit as typescript;

/// What every text begins with.
const HEAD: [&str; 4] = [
    "What image references in use need to go through ECR's pull-through cache. The order matters:",
    "1. Put this construct into a stack, and grant each role that pulls.",
    "2. Deploy that.",
    "3. Only then merge and deploy the rewritten references. Before, each of their pulls would fail.",
];
const NOTHING: &str = "No image reference in use goes through a pull-through cache rule, so nothing is needed.";
const LOGIN: &str = "ecr:GetAuthorizationToken";
/// What a pull through a cache rule does to a repository, sorted.
const PULL: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
];
/// What a push does, sorted. Builds of several platforms also read back what they pushed.
const PUSH: [&str; 7] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];
/// What the policy of a registry can grant, sorted.
const CACHE: [&str; 2] = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];
const SECRET: &str = "ECR accepts only this beginning of the name, and only the default encryption key.";
const BETWEEN: &str = "The policy in between gives ECR the moment that it takes to find a new secret.";
const TEMPLATES: [&str; 3] = [
    "Repositories that a pull creates are made like this; those that exist stay as they are. If you have a template of",
    "such a prefix already, leave it out here. Tags are mutable, or ECR would not refresh them. What has lost its tag",
    "goes 14 days after it was cached.",
];
const NO_LIFECYCLE: [&str; 2] = [
    "Without a lifecycle policy: references pin digests here, and a pinned image loses its tag when the tag moves. ECR",
    "would not find it again by its digest.",
];
const ENDPOINTS: [&str; 5] = [
    "Endpoints for subnets without a way to the internet. Leave out those that the VPC has already. Adding the gateway",
    "endpoint of S3, where the layers are, interrupts open connections to S3 for a moment. ECR may still need a route to",
    "the internet for the first pull of an image: pull each tag once from a network that has one. An endpoint policy of",
    "your own on ecr.api or ecr.dkr must also allow ecr:BatchImportUpstreamImage and ecr:CreateRepository, and one on S3",
    "has to allow s3:GetObject on the bucket of the layers.",
];
const GRANT_PULL: [&str; 3] = [
    "Lets a role pull through the cache. On ECS that is the task execution role, and on EC2 the container instance role",
    "as well; on EKS it is the node role, or on Fargate the pod execution role. A role that is defined elsewhere in this",
    "account is iam.Role.fromRoleName(…).",
];
const EXECUTION_ROLE: &str = "A task execution role that pulls through the cache, for a task definition that has none.";
const GRANT_BUILD: [&str; 2] = [
    "Lets the role of builds log in, start from cached images, and push to one repository. Builds of several platforms",
    "read back layers, so the push includes ecr:GetDownloadUrlForLayer.",
];
const REGISTRY: [&str; 4] = [
    "Statements for the policy of the registry. A registry has one policy, and another CfnRegistryPolicy would replace",
    "it: merge them into the one that you have. Principals are the roles that pull. It is no substitute for",
    "the grant of a role in the same account, and roles of other accounts also need a policy of the repository.",
    "None of this is applied here.",
];
const READY: &str = "What has to exist before the first pull: let services wait for it.";
const READY_WITH_ENDPOINTS: [&str; 2] = [
    "Not for the whole construct: the rules of the endpoints' security group name their clients, and that would be a",
    "circle.",
];

/// What goes into a text.
struct Plan<'n> {
    needs: &'n Needs,
    sections: &'n [Section],
    style: Style,
}

impl<'n> Plan<'n> {
    fn has(&self, section: Section) -> bool {
        self.sections.contains(&section)
    }

    /// The rules to be created.
    fn rules(&self) -> Vec<&'n CacheRule> {
        if self.has(Section::Rules) { self.needs.new_rules().collect() } else { Vec::new() }
    }

    /// Of those, the ones that name a secret.
    fn with_secret(&self) -> Vec<&'n CacheRule> {
        self.rules().into_iter().filter(|rule| rule.upstream().needs_credentials()).collect()
    }

    /// Of those, the ones that name a role.
    fn with_role(&self) -> Vec<&'n CacheRule> {
        self.rules().into_iter().filter(|rule| self.needs.needs_role(rule)).collect()
    }

    /// The rules in use, for which a template is written.
    fn templates(&self) -> &'n [CacheRule] {
        if self.has(Section::Templates) { self.needs.rules() } else { &[] }
    }

    /// Whether something grants pulls.
    fn grants(&self) -> bool {
        self.has(Section::Iam) || self.has(Section::Attach)
    }

    /// Whether something names repositories.
    fn names_repositories(&self) -> bool {
        self.grants() || self.has(Section::RegistryPolicy) || self.has(Section::Builder)
    }

    /// Whether something has to exist before the first pull.
    fn has_ready(&self) -> bool {
        !self.rules().is_empty() || !self.templates().is_empty() || self.grants() || self.has(Section::Endpoints)
    }

    /// The comment on what has to exist.
    fn ready(&self) -> Vec<String> {
        let endpoints: &[&str] = if self.has(Section::Endpoints) { &READY_WITH_ENDPOINTS } else { &[] };
        [READY].iter().chain(endpoints).map(|&line| line.to_owned()).collect()
    }

    /// The names of repositories that permissions name, or with literals their ARNs.
    fn repositories(&self) -> Vec<String> {
        if self.style.literals { self.needs.repository_arns() } else { self.needs.repositories() }
    }

    /// Whether references pin digests of what the rule fills.
    fn is_pinned(&self, rule: &CacheRule) -> bool {
        let all = rule.repositories();
        let prefix = all.trim_end_matches('*');
        self.needs.images().any(|image| image.digest.is_some() && image.repository.starts_with(prefix))
    }

    /// The interface endpoints: the id of the construct, and the constant of the CDK.
    fn services(&self) -> Vec<(&'static str, &'static str)> {
        let workload = self.needs.workload();
        let rows = [
            (true, "EcrApi", "ECR"),
            (true, "EcrDocker", "ECR_DOCKER"),
            (workload.instances, "Ecs", "ECS"),
            (workload.instances, "EcsAgent", "ECS_AGENT"),
            (workload.instances, "EcsTelemetry", "ECS_TELEMETRY"),
            (workload.eks, "Ec2", "EC2"),
            (workload.eks, "Eks", "EKS"),
            (workload.eks, "ElasticLoadBalancing", "ELASTIC_LOAD_BALANCING"),
            (workload.eks, "Sts", "STS"),
            (workload.secrets || workload.parameters, "Kms", "KMS"),
            (workload.logs, "Logs", "CLOUDWATCH_LOGS"),
            (workload.parameters, "Ssm", "SSM"),
            (workload.secrets, "SecretsManager", "SECRETS_MANAGER"),
        ];
        rows.into_iter().filter(|row| row.0).map(|row| (row.1, row.2)).collect()
    }

    /// The lines above everything else.
    fn head(&self) -> Vec<String> {
        let mut lines: Vec<String> = HEAD.iter().map(|&line| line.to_owned()).collect();
        lines.push(format!("It belongs into a stack {}.", self.needs.home()));
        if self.style.literals {
            lines.extend(self.needs.placeholders().map(|line| line.trim_start_matches("# ").to_owned()));
        }
        lines
    }

    /// The task definitions of CDK apps that pull: a line for each that lets its execution role; `grant` and `role` are the
    /// names of the methods.
    fn constructs(&self, grant: &str, role: &str) -> Vec<String> {
        let line = |pulling: &PullingRole| match &pulling.definition {
            RoleDefinition::Construct(name) => Some(format!("- cache.{grant}({name}.{role}()) in {}", pulling.file)),
            _ => None,
        };
        let lines: Vec<String> = self.needs.roles().filter_map(line).collect();
        match lines.is_empty() {
            true => Vec::new(),
            false => [vec!["Task definitions that pull:".to_owned()], lines].concat(),
        }
    }

    /// The roles that pull, where the files define them: a line for each.
    fn roles(&self) -> Vec<String> {
        if !self.has(Section::Attach) {
            return Vec::new();
        }
        let line = |role: &PullingRole| match &role.definition {
            RoleDefinition::Terraform(name) => Some(format!("- aws_iam_role.{name} in {}", role.file)),
            RoleDefinition::CloudFormation(id) => Some(format!("- the resource {id} in {}", role.file)),
            RoleDefinition::Construct(_) => None,
        };
        let lines: Vec<String> = self.needs.roles().filter_map(line).collect();
        match lines.is_empty() {
            true => Vec::new(),
            false => [vec!["Roles that pull, and that other files define:".to_owned()], lines].concat(),
        }
    }
}

/// The words of a rule's name.
fn words(rule: &CacheRule) -> Vec<String> {
    name(rule).split('-').map(str::to_owned).collect()
}

/// What the ids of a rule's constructs begin with: `DockerHub`.
fn pascal(rule: &CacheRule) -> String {
    let capital =
        |word: &String| word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default();
    words(rule).iter().map(capital).collect()
}

/// Items of a list, each in quotes.
fn quoted(items: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    items.into_iter().map(|item| format!("\"{}\"", item.as_ref())).collect()
}

/// Lines, each behind the same.
fn prefixed(lines: impl IntoIterator<Item = impl AsRef<str>>, before: &str) -> String {
    lines.into_iter().map(|line| format!("{before}{}\n", line.as_ref())).collect()
}
