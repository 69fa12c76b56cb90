//! The kinds of documents that images stand in, and which of them are only changed when asked.

/// The kinds of documents that images stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum SiteKind {
    /// An ECS task definition.
    Ecs,
    /// A CloudFormation template, written by hand or by CDK.
    CloudFormation,
    /// A Kubernetes manifest.
    Kubernetes,
    /// A kustomization, and what says the same elsewhere.
    Kustomize,
    /// Terraform or OpenTofu.
    Terraform,
    /// Values of a Helm chart.
    Helm,
    /// A Dockerfile.
    Dockerfile,
    /// A Compose file.
    Compose,
    /// A workflow or an action of GitHub.
    GitHubActions,
    /// A pipeline of GitLab.
    GitLabCi,
    /// A pipeline of CircleCI.
    CircleCi,
    /// A buildspec of CodeBuild.
    Buildspec,
    /// A manifest of AWS Copilot.
    Copilot,
    /// A configuration of Skaffold.
    Skaffold,
    /// A development container.
    Devcontainer,
    /// A bake file of Buildx.
    Bake,
    /// What Elastic Beanstalk runs.
    Dockerrun,
    /// A pipeline of Bitbucket.
    BitbucketPipelines,
    /// A pipeline of Azure.
    AzurePipelines,
    /// A pipeline of Buildkite.
    Buildkite,
    /// A program of the CDK, of cdk8s or of Pulumi.
    Cdk,
    /// Any other JSON or YAML.
    #[default]
    Other,
}

/// Each kind, its name in reports, and for those that are only changed when asked what else has to change.
const TABLE: [(SiteKind, &str, Option<&str>); 22] = [
    (SiteKind::Ecs, "ecs", None),
    (SiteKind::CloudFormation, "cloudformation", None),
    (SiteKind::Kubernetes, "kubernetes", None),
    (SiteKind::Kustomize, "kustomize", None),
    (SiteKind::Terraform, "terraform", None),
    (SiteKind::Helm, "helm", None),
    (
        SiteKind::Dockerfile,
        "dockerfile",
        Some("Dockerfile: whoever builds it has to log in to the private registry first"),
    ),
    (
        SiteKind::Compose,
        "compose",
        Some("Compose: whoever runs it has to log in to the private registry first (`aws ecr get-login-password`)"),
    ),
    (
        SiteKind::GitHubActions,
        "github-actions",
        Some(
            "GitHub Actions: a job's containers start before its steps, so their `credentials` (user AWS, password a token of ECR) have to come from an earlier job",
        ),
    ),
    (
        SiteKind::GitLabCi,
        "gitlab-ci",
        Some("GitLab CI: the runner needs the credential helper of ECR in DOCKER_AUTH_CONFIG, or an instance role"),
    ),
    (SiteKind::CircleCi, "circleci", Some("CircleCI: the image needs `aws_auth` beside it")),
    (
        SiteKind::Buildspec,
        "buildspec",
        Some("CodeBuild: the image is pulled with the service role (SERVICE_ROLE), which needs the permissions"),
    ),
    (SiteKind::Copilot, "copilot", Some("Copilot: the execution role needs the permissions")),
    (SiteKind::Skaffold, "skaffold", Some("Skaffold: whoever builds has to log in to the private registry first")),
    (
        SiteKind::Devcontainer,
        "devcontainer",
        Some("Dev container: whoever opens it has to log in first; `initializeCommand` can do that"),
    ),
    (SiteKind::Bake, "bake", Some("Bake: whoever builds has to log in to the private registry first")),
    (SiteKind::Dockerrun, "dockerrun", Some("Elastic Beanstalk: the instance profile needs the permissions")),
    (
        SiteKind::BitbucketPipelines,
        "bitbucket-pipelines",
        Some("Bitbucket Pipelines: the image needs `aws` with a role or keys beside its name"),
    ),
    (
        SiteKind::AzurePipelines,
        "azure-pipelines",
        Some("Azure Pipelines: the container needs a service connection to ECR, or an agent that is logged in"),
    ),
    (SiteKind::Buildkite, "buildkite", Some("Buildkite: the agent has to log in first; the ECR plugin does that")),
    (SiteKind::Cdk, "cdk", None),
    (SiteKind::Other, "other", None),
];

impl SiteKind {
    /// Every kind, in the order of the documentation.
    pub fn all() -> impl Iterator<Item = SiteKind> {
        TABLE.iter().map(|row| row.0)
    }

    /// Its name in reports and in `--also`.
    pub fn id(self) -> &'static str {
        self.row().1
    }

    /// For a kind whose references are changed only when asked: what else has to change with them.
    pub fn on_request(self) -> Option<&'static str> {
        self.row().2
    }

    fn row(self) -> &'static (SiteKind, &'static str, Option<&'static str>) {
        TABLE.iter().find(|row| row.0 == self).unwrap_or(&TABLE[TABLE.len() - 1])
    }
}

/// A set of kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u32);

impl Kinds {
    /// Every kind that is changed only when asked.
    pub fn on_request() -> Self {
        SiteKind::all().filter(|kind| kind.on_request().is_some()).fold(Kinds::default(), Kinds::with)
    }

    /// The set with one more kind.
    #[must_use]
    pub fn with(self, kind: SiteKind) -> Self {
        Kinds(self.0 | 1 << kind as u32)
    }

    /// What is in one of the two sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Kinds(self.0 | other.0)
    }

    /// Whether a kind is in the set.
    pub fn contains(self, kind: SiteKind) -> bool {
        self.0 & 1 << kind as u32 != 0
    }

    /// The kind that is changed only when asked by its name; `all` is each of them.
    ///
    /// # Errors
    ///
    /// The names that there are.
    pub fn named(name: &str) -> Result<Self, String> {
        let on_request: Vec<SiteKind> = SiteKind::all().filter(|kind| kind.on_request().is_some()).collect();
        match on_request.iter().find(|kind| kind.id() == name) {
            Some(kind) => Ok(Kinds::default().with(*kind)),
            None if name == "all" => Ok(Kinds::on_request()),
            None => {
                let names: Vec<&str> = on_request.iter().map(|kind| kind.id()).collect();
                Err(format!("there is no kind `{name}`; the kinds are {} and all", names.join(", ")))
            }
        }
    }
}
