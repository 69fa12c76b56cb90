//! Permissions: what statements of IAM allow, as far as they are written.

use super::{Known, listed};
use crate::syntax::{Kind, Language, Node};

/// Whether something is so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// It is not.
    No,
    /// What would tell is hidden.
    Unknown,
    /// It is.
    Yes,
}

/// A repository that something is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repository<'r> {
    /// Its name.
    pub name: &'r str,
    /// The region of its registry, if that is known.
    pub region: Option<&'r str>,
    /// The account of its registry, if that is known.
    pub account: Option<&'r str>,
}

/// A policy, as far as the files say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Policy {
    /// These statements.
    Statements(Vec<Statement>),
    /// One of AWS's own, by its name.
    Managed(String),
    /// A policy of the same module or stack.
    Resource(String),
    /// Something that is named or computed elsewhere.
    Hidden(String),
}

/// A statement of a policy. Texts in it may hold `*`; what is filled in is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whether it allows, and does not deny.
    pub allows: bool,
    /// The actions.
    pub actions: Vec<Option<String>>,
    /// The resources.
    pub resources: Vec<Option<String>>,
    /// Whether it has something that is not read: conditions, `NotAction`, `NotResource`.
    pub has_more: bool,
}

/// What AWS's own policies allow of what a pull through a cache needs, as of 2026-10; `None` for all of ECR.
const MANAGED: [(&str, Option<&[&str]>); 16] = [
    ("AmazonECSTaskExecutionRolePolicy", Some(&PULL)),
    ("AmazonEC2ContainerRegistryReadOnly", Some(&PULL)),
    ("AmazonEC2ContainerRegistryPowerUser", Some(&PULL)),
    (
        "AmazonEC2ContainerRegistryPullOnly",
        Some(&[
            "ecr:GetAuthorizationToken",
            "ecr:BatchGetImage",
            "ecr:GetDownloadUrlForLayer",
            "ecr:BatchImportUpstreamImage",
        ]),
    ),
    ("AmazonEC2ContainerRegistryFullAccess", None),
    ("AmazonElasticContainerRegistryPublicReadOnly", Some(&[])),
    ("AmazonEKSFargatePodExecutionRolePolicy", Some(&PULL)),
    ("AmazonEC2ContainerServiceforEC2Role", Some(&PULL)),
    ("AWSAppRunnerServicePolicyForECRAccess", Some(&PULL)),
    ("AmazonEKSWorkerNodePolicy", Some(&[])),
    ("AmazonEKS_CNI_Policy", Some(&[])),
    ("AmazonSSMManagedInstanceCore", Some(&[])),
    ("CloudWatchAgentServerPolicy", Some(&[])),
    ("AWSBatchServiceRole", Some(&[])),
    ("PowerUserAccess", None),
    ("AdministratorAccess", None),
];
const PULL: [&str; 4] =
    ["ecr:GetAuthorizationToken", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:BatchGetImage"];

impl Policy {
    /// Whether it allows an action on a repository.
    pub fn allows(&self, action: &str, repository: Repository<'_>) -> Answer {
        match self {
            Policy::Hidden(_) | Policy::Resource(_) => Answer::Unknown,
            Policy::Managed(name) => match MANAGED.iter().find(|(managed, _)| managed == name) {
                None => Answer::Unknown,
                Some((_, None)) => Answer::Yes,
                Some((_, Some(actions))) if actions.contains(&action) => Answer::Yes,
                Some(_) => Answer::No,
            },
            Policy::Statements(statements) => {
                let allowed = covers(statements, true, action, repository);
                match self.denies(action, repository) {
                    Answer::Yes => Answer::No,
                    Answer::Unknown => allowed.min(Answer::Unknown),
                    Answer::No => allowed,
                }
            }
        }
    }

    /// Whether it denies an action on a repository, whatever others allow.
    pub fn denies(&self, action: &str, repository: Repository<'_>) -> Answer {
        match self {
            Policy::Statements(statements) => covers(statements, false, action, repository),
            _ => Answer::No,
        }
    }

    /// Fills in what is named `${local.…}` in it.
    pub(super) fn resolve(&mut self, local: &dyn Fn(&str) -> Option<String>) {
        let Policy::Statements(statements) = self else { return };
        for text in statements.iter_mut().flat_map(|statement| statement.resources.iter_mut().flatten()) {
            while let Some(start) = text.find(LOCAL) {
                let Some(length) = text[start..].find('}') else { return };
                let filled = local(&text[start + LOCAL.len()..start + length]).filter(|filled| !filled.contains(LOCAL));
                text.replace_range(start..=start + length, &filled.unwrap_or_else(|| HOLE.to_string()));
            }
        }
    }

    /// The policy that an ARN names.
    pub(super) fn of_arn(arn: &Known) -> Self {
        match arn {
            Known::Text(arn) => match arn.split_once(":policy/") {
                Some((_, name)) if arn.contains(":aws:policy/") => {
                    Policy::Managed(name.rsplit('/').next().unwrap_or(name).to_owned())
                }
                _ => Policy::Hidden(arn.clone()),
            },
            Known::Resource(name) => Policy::Resource(name.clone()),
            Known::Hidden(text) => match text.split_once(":aws:policy/") {
                // Only the partition is filled in.
                Some((_, name)) if !name.contains(['$', '{']) => {
                    Policy::Managed(name.rsplit('/').next().unwrap_or(name).to_owned())
                }
                _ => Policy::Hidden(text.clone()),
            },
        }
    }

    /// A document, as a mapping or as text. `text` gives the text of a node with a star for what is filled in.
    pub(super) fn of_document(node: &Node<'_>, text: &dyn Fn(&Node<'_>) -> Option<String>) -> Self {
        let hidden = || Policy::Hidden("a policy that is computed".to_owned());
        match &node.kind {
            Kind::Mapping(_) => {
                let Some(statements) = node.get("Statement") else { return hidden() };
                Policy::Statements(
                    listed(statements)
                        .iter()
                        .map(|node| Statement::of(node, ["Effect", "Action", "Resource"], text))
                        .collect(),
                )
            }
            Kind::Call(call) if call.name == "jsonencode" => {
                call.arguments.first().map_or_else(hidden, |document| Policy::of_document(document, text))
            }
            Kind::Scalar(scalar) => match scalar.embedded(Language::Json) {
                Ok(documents) => documents
                    .first()
                    .filter(|document| document.entries().is_some())
                    .map_or_else(hidden, |document| Policy::of_document(document, text)),
                Err(_) => hidden(),
            },
            _ => hidden(),
        }
    }
}

fn covers(statements: &[Statement], allows: bool, action: &str, repository: Repository<'_>) -> Answer {
    let of_kind = statements.iter().filter(|statement| statement.allows == allows);
    of_kind.map(|statement| statement.covers(action, repository)).max().unwrap_or(Answer::No)
}

impl Statement {
    /// A statement, whose keys are called so.
    pub(super) fn of(node: &Node<'_>, keys: [&str; 3], text: &dyn Fn(&Node<'_>) -> Option<String>) -> Self {
        let [effect, action, resource] = keys;
        let texts = |key: &str| node.get(key).map_or_else(Vec::new, |value| listed(value).iter().map(text).collect());
        let entries = node.entries().unwrap_or_default();
        let known = ["Sid", "sid", "Principal", "principals", effect, action, resource];
        let is_read = node.tag().is_none() && node.entries().is_some();
        let effect = node.get(effect);
        let is_effect = effect.is_none_or(|effect| matches!(effect.text(), Some("Allow" | "Deny")));
        Statement {
            allows: effect.and_then(Node::text) != Some("Deny"),
            actions: texts(action),
            resources: texts(resource),
            has_more: !is_read || !is_effect || entries.iter().any(|entry| !known.contains(&entry.key.as_ref())),
        }
    }

    fn covers(&self, action: &str, repository: Repository<'_>) -> Answer {
        let any = |values: &[Option<String>], fits: &dyn Fn(&str) -> Answer| {
            let answers = values.iter().map(|value| value.as_deref().map_or(Answer::Unknown, fits));
            // What is not said at all may be said in a way that is not read.
            answers.max().unwrap_or(if self.has_more { Answer::Unknown } else { Answer::No })
        };
        let of_action =
            any(&self.actions, &|pattern| may_fit(&pattern.to_ascii_lowercase(), &action.to_ascii_lowercase()));
        let of_resource = any(&self.resources, &|pattern| {
            let parts: Vec<&str> = pattern.splitn(6, ':').collect();
            match parts.as_slice() {
                [whole] if whole.contains(HOLE) => Answer::Unknown,
                [whole] => yes(*whole == "*"),
                // It knows no resource.
                _ if action == LOGIN => Answer::No,
                [_, _, service, region, account, resource] => {
                    let resource = resource.strip_prefix("repository/").unwrap_or(resource);
                    let of =
                        |pattern: &str, value: Option<&str>| value.map_or(Answer::Yes, |value| may_fit(pattern, value));
                    // What an ARN fills in there is where it is applied.
                    let place = |pattern: &str, value: Option<&str>| {
                        if pattern.contains(HOLE) { Answer::Yes } else { of(pattern, value) }
                    };
                    may_fit(service, "ecr")
                        .min(place(region, repository.region))
                        .min(place(account, repository.account))
                        .min(may_fit(resource, repository.name))
                }
                [_, _, service, ..] => may_fit(service, "ecr").min(yes(pattern.ends_with('*'))),
                _ => yes(pattern.ends_with('*')),
            }
        });
        match of_action.min(of_resource) {
            Answer::Yes if self.has_more => Answer::Unknown,
            answer => answer,
        }
    }
}

/// How a text begins to name a local.
pub(super) const LOCAL: &str = "${local.";

/// What a login does.
pub const LOGIN: &str = "ecr:GetAuthorizationToken";

/// Stands for what is filled in, in a text that is known otherwise.
pub(super) const HOLE: char = '\u{fffc}';

/// Whether a text fits a pattern, parts of which may be filled in.
fn may_fit(pattern: &str, text: &str) -> Answer {
    match pattern.contains(HOLE) {
        true if fits(&pattern.replace(HOLE, "*"), text) => Answer::Unknown,
        true => Answer::No,
        false => yes(fits(pattern, text)),
    }
}

fn yes(is_so: bool) -> Answer {
    if is_so { Answer::Yes } else { Answer::No }
}

/// Whether a text fits a pattern with `*` and `?`.
fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while next < text.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, next));
                at += 1;
            }
            Some(character) if *character == '?' || *character == text[next] => {
                at += 1;
                next += 1;
            }
            _ => match star {
                Some((star_at, taken)) => {
                    star = Some((star_at, taken + 1));
                    at = star_at + 1;
                    next = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern[at..].iter().all(|character| *character == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACTION: &str = "ecr:BatchImportUpstreamImage";

    fn of(name: &str) -> Repository<'_> {
        Repository { name, region: Some("us-east-1"), account: Some("111122223333") }
    }

    fn statement(allows: bool, action: &str, resource: Option<&str>) -> Statement {
        let resources = vec![resource.map(str::to_owned)];
        Statement { allows, actions: vec![Some(action.to_owned())], resources, has_more: false }
    }

    #[test]
    fn statements_and_what_they_cover() {
        let rows = [
            ("ecr:BatchImportUpstreamImage", "*", Answer::Yes),
            ("ecr:*", "*", Answer::Yes),
            ("*", "*", Answer::Yes),
            ("ecr:batchimport*", "arn:aws:ecr:us-east-1:111122223333:repository/ecr-public/*", Answer::Yes),
            ("ecr:CreateRepository", "*", Answer::No),
            ("ecr:*", "arn:aws:ecr:us-east-1:111122223333:repository/quay/*", Answer::No),
            ("ecr:*", "arn:aws:ecr:*:*:repository/*", Answer::Yes),
            ("ecr:*", "arn:aws:s3:::*", Answer::No),
            ("*", "arn:aws:s3:*", Answer::No),
            ("ecr:*", "arn:aws:ecr:eu-west-1:111122223333:repository/*", Answer::No),
            ("ecr:*", "arn:aws:ecr:us-east-1:444455556666:repository/*", Answer::No),
            ("ecr:*", "arn:aws:ecr:\u{fffc}:\u{fffc}:repository/ecr-public/*", Answer::Yes),
            ("ecr:*", "arn:aws:ecr:us-east-1:111122223333:repository/team-\u{fffc}/*", Answer::No),
            ("ecr:*", "\u{fffc}/*", Answer::Unknown),
            ("ecr:\u{fffc}", "*", Answer::Unknown),
            ("ecr:*", "arn:aws:ecr:us-east-1:111122223333:repository/\u{fffc}/*", Answer::Unknown),
        ];
        for (action, resource, expected) in rows {
            let policy = Policy::Statements(vec![statement(true, action, Some(resource))]);
            assert_eq!(policy.allows(ACTION, of("ecr-public/nginx/nginx")), expected, "{action} {resource}");
        }
        let hidden = Policy::Statements(vec![statement(true, "ecr:*", None)]);
        assert_eq!(hidden.allows(ACTION, of("a/b")), Answer::Unknown);
        let denied =
            Policy::Statements(vec![statement(true, "*", Some("*")), statement(false, "ecr:Batch*", Some("*"))]);
        assert_eq!(denied.allows(ACTION, of("a/b")), Answer::No);
        assert_eq!(denied.allows("ecr:CreateRepository", of("a/b")), Answer::Yes);
    }

    #[test]
    fn policies_of_aws() {
        let named = |arn: &str| Policy::of_arn(&Known::Text(arn.to_owned()));
        let pull_only = named("arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly");
        assert_eq!(pull_only.allows(ACTION, of("a/b")), Answer::Yes);
        assert_eq!(pull_only.allows("ecr:CreateRepository", of("a/b")), Answer::No);
        let execution = named("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy");
        assert_eq!(execution.allows(ACTION, of("a/b")), Answer::No);
        assert_eq!(named("arn:aws:iam::111122223333:policy/own").allows(ACTION, of("a/b")), Answer::Unknown);
        let partition = Known::Hidden("arn:${AWS::Partition}:iam::aws:policy/AdministratorAccess".to_owned());
        assert_eq!(Policy::of_arn(&partition).allows(ACTION, of("a/b")), Answer::Yes);
    }
}
