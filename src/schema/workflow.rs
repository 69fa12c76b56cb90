//! Workflows and actions of GitHub.

use super::collect::{Claim, Collector};
use super::pulled::{each_text, images};
use super::{Caution, SiteKind};
use crate::reason::Reason;
use crate::syntax::{Kind, Node};

/// The action whose `image` goes into a task definition.
const RENDERS_TASK: &str = "aws-actions/amazon-ecs-render-task-definition@";

/// Searches a workflow, or the definition of an action.
pub(super) fn file(collector: &mut Collector, root: &Node<'_>) {
    let kind = SiteKind::GitHubActions;
    let mut matrix = Matrix { root, claim: Claim::certain(kind) };
    collector.descend(root, &["jobs", "*"], &mut |collector, job| {
        matrix.job(collector, job);
        images(collector, job, kind, "services.*.image", &["credentials"]);
        images(collector, job, kind, "container.image", &["credentials"]);
        images(collector, job, kind, "container", &[]);
    });
    let login = Claim::certain(kind).with_caution(Some(Caution::never(Reason::NeedsLogin)));
    let mut pulled = |collector: &mut Collector, image: &Node<'_>| {
        if image.text().is_some_and(|text| text.starts_with("docker://")) {
            collector.image(image, login);
        }
    };
    collector.descend(root, &["**", "steps", "uses"], &mut pulled);
    collector.descend(root, &["runs", "image"], &mut pulled);
    collector.descend(root, &["**", "steps"], &mut |collector, steps| {
        collector.each_child(steps, |collector, step| {
            let uses = step.get("uses").and_then(Node::text).unwrap_or_default();
            if uses.starts_with(RENDERS_TASK) {
                images(collector, step, kind, "with.image", &[]);
            }
        });
    });
}

/// Images that a matrix lists.
struct Matrix<'n, 'a> {
    root: &'n Node<'a>,
    claim: Claim,
}

impl Matrix<'_, '_> {
    /// The lists whose entries are images: a job's container or service is `${{ matrix.NAME }}`, and nothing else is.
    fn job(&mut self, collector: &mut Collector, job: &Node<'_>) {
        let mut uses = Vec::new();
        gather_images(job, &mut uses);
        let names: Vec<&str> = uses.iter().filter_map(|image| whole_variable(image.text()?)).collect();
        for (index, name) in names.iter().enumerate() {
            if names[..index].contains(name) {
                continue;
            }
            let as_image = names.iter().filter(|other| *other == name).count();
            let is_shared = count_uses(self.root, name) > as_image;
            let caution = is_shared.then(|| Caution::never(Reason::SharedValue));
            let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else { continue };
            collector.at_key("strategy", |collector| {
                collector.at_key("matrix", |collector| {
                    let claim = self.claim.with_caution(caution);
                    for path in [[*name].as_slice(), &["include", name], &["exclude", name]] {
                        collector.descend(matrix, path, &mut |collector, value| each_text(collector, value, claim));
                    }
                });
            });
            if !is_shared {
                let of_name = uses.iter().filter(|image| image.text().and_then(whole_variable) == Some(name));
                of_name.for_each(|image| collector.settle(image));
            }
        }
    }
}

/// The nodes of a job where an image is expected.
fn gather_images<'n, 'a>(job: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    let container = job.get("container").map(|container| container.get("image").unwrap_or(container));
    let services = job.get("services").and_then(Node::entries).unwrap_or_default();
    found.extend(container.into_iter().chain(services.iter().filter_map(|service| service.value.get("image"))));
}

/// The name of a matrix value that is all of a text: `${{ matrix.image }}`.
fn whole_variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${{")?.strip_suffix("}}")?.trim().strip_prefix("matrix.")?;
    name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)).then_some(name)
}

/// How often a workflow uses a value of a matrix.
fn count_uses(node: &Node<'_>, name: &str) -> usize {
    match &node.kind {
        Kind::Scalar(scalar) => {
            let uses = scalar.value.split("matrix.").skip(1).filter(|rest| {
                let after = rest.strip_prefix(name).map(|after| after.bytes().next());
                after
                    .is_some_and(|next| next.is_none_or(|next| !next.is_ascii_alphanumeric() && !b"_-".contains(&next)))
            });
            uses.count()
        }
        _ => node.children().into_iter().map(|child| count_uses(child, name)).sum(),
    }
}
