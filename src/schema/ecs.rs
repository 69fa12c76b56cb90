//! ECS task definitions: the input of `register-task-definition`, the output of `describe-task-definition`, and a bare list
//! of containers; also the two small files that a pipeline hands to a deployment.

use super::Caution;
use super::claim::Claim;
use super::collect::Collector;
use super::text::same_key;
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Kind, Node};

/// The longest `image` that ECS takes, in characters, a digest not counted.
pub(super) const IMAGE_MAX: usize = 255;

/// Keys that a container definition has next to a name and an image, and that inventories of other things have not.
const OWN_KEYS: [&str; 12] = [
    "essential",
    "memoryReservation",
    "portMappings",
    "entryPoint",
    "environmentFiles",
    "logConfiguration",
    "mountPoints",
    "volumesFrom",
    "dependsOn",
    "secrets",
    "ulimits",
    "linuxParameters",
];
/// Keys that inventories of machines and jobs have too: numbers, and lists.
const SHARED_KEYS: [&str; 4] = ["memory", "cpu", "command", "environment"];

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
        Kind::Sequence(elements) if is_container_list(elements) => {
            collector.each_child(root, container);
        }
        Kind::Sequence(elements) if elements.iter().any(|element| element.get("imageUri").is_some()) => {
            collector.descend(root, &["imageUri"], &mut generated);
        }
        _ => {}
    }
}

/// A list with names and images may be anything. One of containers shows it by a key of its own, or by a shared one
/// beside an image that is more than a word.
fn is_container_list(elements: &[Node<'_>]) -> bool {
    elements.iter().filter(|element| has_any(element, &["image"]) && has_any(element, &["name"])).any(|element| {
        let image = element.get("image").and_then(Node::text).unwrap_or_default();
        has_any(element, &OWN_KEYS) || (has_shared(element) && image.contains([':', '/', '@']))
    })
}

fn has_any(node: &Node<'_>, keys: &[&str]) -> bool {
    keys.iter().any(|key| node.get(key).is_some())
}

fn has_shared(element: &Node<'_>) -> bool {
    SHARED_KEYS.iter().filter_map(|key| element.get(key)).any(|value| match &value.kind {
        Kind::Sequence(_) => true,
        Kind::Scalar(scalar) => !scalar.holes().is_empty() || scalar.value().parse::<u32>().is_ok(),
        _ => false,
    })
}

/// A container definition, or a list of them.
fn container(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    if node.elements().is_some() {
        return collector.each_child(node, |collector, child| container(collector, child, claim));
    }
    let claim = Claim { limit: Some(IMAGE_MAX), ..claim.with_credentials(pull_credentials(node)) };
    collector.descend(node, &["image"], &mut |collector, image| collector.image(image, claim));
}

/// `repositoryCredentials` beside an image are sent to whatever registry it names, ECR too, and ECR refuses them.
pub(super) fn pull_credentials(container: &Node<'_>) -> Option<Span> {
    let mut entries = container.entries()?.iter();
    entries.find(|entry| same_key(&entry.key, "repositoryCredentials")).map(|entry| entry.value.span())
}
