//! ECS task definitions: the input of `register-task-definition`, the output of `describe-task-definition`, and a bare list
//! of containers; also the two small files that a pipeline hands to a deployment.

use super::Caution;
use super::collect::{Claim, Collector, same_key};
use crate::reason::Reason;
use crate::syntax::{Kind, Node};

/// The longest `image` that ECS takes, in characters, a digest not counted.
pub(super) const IMAGE_MAX: usize = 255;

/// Keys that only a container definition has, next to a name and an image.
const CONTAINER_KEYS: [&str; 14] = [
    "essential",
    "memory",
    "memoryReservation",
    "cpu",
    "portMappings",
    "environment",
    "environmentFiles",
    "command",
    "entryPoint",
    "logConfiguration",
    "mountPoints",
    "dependsOn",
    "secrets",
    "healthCheck",
];

/// Searches a document that may be a task definition.
pub(super) fn task_definition(collector: &mut Collector, root: &Node<'_>, claim: Claim) {
    let mut container = |collector: &mut Collector, node: &Node<'_>| container(collector, node, claim);
    let mut generated = |collector: &mut Collector, image: &Node<'_>| {
        collector.image(image, claim.with_caution(Some(Caution::on_request(Reason::Generated))));
    };
    match &root.kind {
        Kind::Mapping(_) => {
            for keys in [["containerDefinitions"].as_slice(), &["taskDefinition", "containerDefinitions"]] {
                collector.descend(root, keys, &mut container);
            }
            collector.descend(root, &["ImageURI"], &mut generated);
        }
        Kind::Sequence(elements) if elements.iter().any(is_container) => {
            collector.each_child(root, container);
        }
        Kind::Sequence(elements) if elements.iter().any(|element| element.get("imageUri").is_some()) => {
            collector.descend(root, &["imageUri"], &mut generated);
        }
        _ => {}
    }
}

/// A list with names and images may be anything; one of containers shows it by a third key.
fn is_container(node: &Node<'_>) -> bool {
    node.get("image").is_some() && CONTAINER_KEYS.iter().any(|key| node.get(key).is_some())
}

/// A container definition, or a list of them.
fn container(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    if node.elements().is_some() {
        return collector.each_child(node, |collector, child| container(collector, child, claim));
    }
    let claim = Claim { limit: Some(IMAGE_MAX), ..claim.with_caution(pull_credentials(node)) };
    collector.descend(node, &["image"], &mut |collector, image| collector.image(image, claim));
}

/// `repositoryCredentials` beside an image are sent to whatever registry it names, ECR too, and ECR refuses them.
pub(super) fn pull_credentials(container: &Node<'_>) -> Option<Caution> {
    let entries = container.entries()?;
    let beside = entries.iter().any(|entry| same_key(&entry.key, "repositoryCredentials"));
    beside.then(|| Caution::on_request(Reason::PullCredentials))
}
