//! The statements of policies, as data: each dialect writes its own ARNs.
//!
//! Facts: the resource types of ECR's actions in IAM's reference; ECR's guide on the permissions of pull-through caches.

use super::Needs;
use super::tree::{Entry, Tree, entry};

/// What a login does. IAM knows no resource for it.
const LOGIN: &str = "ecr:GetAuthorizationToken";

/// What a pull through a cache rule does to a repository, sorted. Where import or creation is not granted, ECR answers
/// a first pull with "not found", not with "access denied".
const PULL: [&str; 5] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:CreateRepository",
    "ecr:GetDownloadUrlForLayer",
];

/// What the policy of a registry can grant to whoever may pull already.
const IMPORT: [&str; 2] = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/// What a push does. A build of several platforms also reads layers that were pushed before.
const PUSH: [&str; 7] = [
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:GetDownloadUrlForLayer",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
];

/// A statement that allows something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// Its name, where it is one among others.
    pub(super) sid: Option<&'static str>,
    /// Whether it names who may: policies of roles do not.
    pub(super) has_principal: bool,
    pub(super) actions: &'static [&'static str],
    pub(super) resources: Vec<Resource>,
}

/// What a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Resource {
    Everything,
    /// Repositories, as IAM writes them behind `repository/`.
    Repositories(String),
    /// The repository that is pushed to, which only the reader knows.
    Own,
}

fn statement(actions: &'static [&'static str], resources: Vec<Resource>) -> Statement {
    Statement { sid: None, has_principal: false, actions, resources }
}

fn cached(needs: &Needs) -> Vec<Resource> {
    needs.repositories().into_iter().map(Resource::Repositories).collect()
}

/// For whoever pulls.
pub(super) fn pull(needs: &Needs) -> Vec<Statement> {
    vec![statement(&[LOGIN], vec![Resource::Everything]), statement(&PULL, cached(needs))]
}

/// For whoever builds on cached images, and pushes.
pub(super) fn build(needs: &Needs) -> Vec<Statement> {
    let mut statements = pull(needs);
    statements.push(statement(&PUSH, vec![Resource::Own]));
    statements
}

/// For the policy of the registry.
pub(super) fn import(needs: &Needs) -> Vec<Statement> {
    let statement = statement(&IMPORT, cached(needs));
    vec![Statement { sid: Some("PullThroughCache"), has_principal: true, ..statement }]
}

/// A policy document, with the ARNs and the principals of a dialect.
pub(super) fn document(statements: &[Statement], arn: impl Fn(&Resource) -> Tree, principals: Option<&Tree>) -> Tree {
    let statement = |statement: &Statement| {
        let mut entries: Vec<Entry> = statement.sid.map(|sid| entry("Sid", sid)).into_iter().collect();
        entries.push(entry("Effect", "Allow"));
        if let Some(principals) = principals.filter(|_| statement.has_principal) {
            entries.push(entry("Principal", vec![entry("AWS", principals.clone())]));
        }
        let actions = statement.actions.iter().map(|action| Tree::from(*action)).collect();
        entries.push(entry("Action", one_or_all(actions)));
        entries.push(entry("Resource", one_or_all(statement.resources.iter().map(&arn).collect())));
        Tree::from(entries)
    };
    vec![entry("Version", "2012-10-17"), entry("Statement", statements.iter().map(statement).collect::<Vec<Tree>>())]
        .into()
}

/// A single login or star needs no list; repositories are one, so that another can be added.
fn one_or_all(mut items: Vec<Tree>) -> Tree {
    let is_word = |tree: &Tree| matches!(tree, Tree::Text(text) if text == LOGIN || text == "*");
    match items.as_slice() {
        [item] if is_word(item) => items.remove(0),
        _ => Tree::List(items),
    }
}
