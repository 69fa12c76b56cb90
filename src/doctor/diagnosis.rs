//! What may be the matter: stable ids, a sentence each, and what mends it.

use crate::emit::Section;

/// How sure it is that pulls fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// They do.
    Problem,
    /// What would tell stands somewhere else.
    Unknown,
    /// They work, with a condition.
    Note,
}

impl Severity {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Problem => "problem",
            Severity::Unknown => "unknown",
            Severity::Note => "note",
        }
    }
}

macro_rules! checks {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $severity:ident, $section:expr, $sentence:literal;)+) => {
        /// Something that is looked at. The id is stable: scripts may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Check {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Check {
            /// Every check, in the order of the documentation.
            pub const ALL: &[Check] = &[$(Check::$name),+];

            /// The stable id.
            pub fn id(self) -> &'static str {
                match self {
                    $(Check::$name => $id,)+
                }
            }

            /// One sentence: what it means, and what to do.
            pub fn sentence(self) -> &'static str {
                match self {
                    $(Check::$name => $sentence,)+
                }
            }

            /// How sure it is that pulls fail.
            pub fn severity(self) -> Severity {
                match self {
                    $(Check::$name => Severity::$severity,)+
                }
            }

            /// The section of what is emitted that mends it.
            pub fn section(self) -> Option<Section> {
                match self {
                    $(Check::$name => $section,)+
                }
            }
        }
    };
}

checks! {
    /// No file defines a cache rule for the prefix.
    RuleMissing = "rule-missing", Problem, Some(Section::Rules), "no file that was read defines the cache rule, nor does `--existing-rules`";
    /// A cache rule has a prefix that is not written.
    RuleUnknown = "rule-unknown", Unknown, Some(Section::Rules), "a cache rule is defined whose prefix a variable gives: it may be this one";
    /// Cache rules that overlap, or that are two for one upstream.
    PrefixConflict = "prefix-conflict", Problem, None, "two cache rules contradict each other, and ECR does not say which one wins";
    /// The role may not do what a first pull does.
    PermissionMissing = "permission-missing", Problem, Some(Section::Attach), "the role may not do all that a first pull does; ECR then answers \"not found\"";
    /// What the role may do is not all written.
    PermissionUnknown = "permission-unknown", Unknown, Some(Section::Attach), "what the role may do stands partly somewhere else";
    /// A task on Fargate without an execution role.
    NoExecutionRole = "no-execution-role", Problem, Some(Section::Iam), "a task on Fargate pulls with its execution role, and has none";
    /// The execution role is defined somewhere else.
    RoleUnknown = "role-unknown", Unknown, Some(Section::Iam), "the role that pulls is not defined in these files";
    /// A task on instances, whose role pulls.
    InstanceRoleUnknown = "instance-role-unknown", Unknown, Some(Section::Iam), "there is no execution role, so the role of the instances pulls, which is not named here";
    /// Pods, and no node role.
    NodeRoleUnknown = "node-role-unknown", Unknown, Some(Section::Iam), "the node role that pulls it, or on Fargate the pod execution role, is not defined in these files";
    /// A task definition of a CDK app, and nothing that grants the cache's actions.
    CdkGrantUnknown = "cdk-grant-unknown", Unknown, Some(Section::Iam), "the CDK lets an execution role pull, but not create or import what the cache has not yet, and nothing in these programs grants that";
    /// Nothing says what pulls it.
    PullerUnknown = "puller-unknown", Unknown, Some(Section::Iam), "nothing in these files says what pulls it, and with which role";
    /// Subnets without a way out, and without endpoints.
    EndpointMissing = "endpoint-missing", Problem, Some(Section::Endpoints), "the subnets have no NAT gateway, and these VPC endpoints are missing";
    /// An interface endpoint without private DNS.
    EndpointWithoutName = "endpoint-without-private-dns", Problem, Some(Section::Endpoints), "the endpoint has no private DNS name, so that ECR's own name leads past it";
    /// The network is defined somewhere else.
    NetworkUnknown = "network-unknown", Unknown, Some(Section::Endpoints), "the network is defined elsewhere: without a NAT gateway it needs endpoints";
    /// A digest that ECR has to have pulled by a tag before.
    DigestFirstPull = "digest-first-pull", Note, Some(Section::WarmUp), "a digest is found only once the image was pulled by a tag";
    /// A tag that moves.
    MutableTag = "mutable-tag", Note, None, "the tag moves, and the cache looks for a newer image once in 24 hours";
    /// A service that cannot pull through a cache.
    NoPullThrough = "no-pull-through", Problem, None, "this service cannot pull through a cache: push the image to a repository of your own";
    /// A region without the feature.
    UnsupportedRegion = "unsupported-region", Problem, None, "ECR has no pull-through cache in this region";
    /// Credentials for the old registry.
    PullCredentials = "pull-credentials", Note, None, "credentials for the old registry stand beside it: they have to go when it is rewritten";
    /// Strangers may build it.
    OpenRepository = "open-repository", Note, Some(Section::Login), "pull requests of strangers run here, and they cannot log in to a private registry";
}

/// Something that stands in the way of a pull, or may.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnosis {
    /// The file.
    pub file: String,
    /// Which of the file's findings it is about.
    pub finding: Option<usize>,
    /// What it is.
    pub check: Check,
    /// The reference.
    pub subject: String,
    /// What exactly, if there is more to say.
    pub detail: String,
}
