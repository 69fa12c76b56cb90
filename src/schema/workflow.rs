//! Workflows and actions of GitHub.

use std::collections::HashMap;

use super::claim::Claim;
use super::collect::Collector;
use super::pulled::{each_text, images};
use super::{Caution, SiteKind};
use crate::reason::Reason;
use crate::syntax::Node;

/// The action whose `image` goes into a task definition.
const RENDERS_TASK: &str = "aws-actions/amazon-ecs-render-task-definition@";

/// Searches a workflow, or the definition of an action.
pub(super) fn file(collector: &mut Collector, root: &Node<'_>) {
    let kind = SiteKind::GitHubActions;
    let matrix = Matrix::of(root);
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
struct Matrix {
    /// How often the workflow uses each value of a matrix, by its name in small letters.
    uses: HashMap<String, usize>,
    /// Whether something takes a whole matrix, or a value by an expression.
    is_taken_whole: bool,
    claim: Claim,
}

impl Matrix {
    fn of(root: &Node<'_>) -> Self {
        let mut matrix =
            Matrix { uses: HashMap::new(), is_taken_whole: false, claim: Claim::certain(SiteKind::GitHubActions) };
        root.scalars(&mut |node| {
            // Expressions know no case, and space stands anywhere in them.
            let text: String = node.text().unwrap_or_default().split_whitespace().collect();
            let text = text.to_ascii_lowercase();
            matrix.is_taken_whole |= ["matrix[", "(matrix)", "{{matrix}}"].iter().any(|whole| text.contains(whole));
            for rest in text.split("matrix.").skip(1) {
                let end = rest.bytes().position(|byte| !is_of_name(byte)).unwrap_or(rest.len());
                *matrix.uses.entry(rest[..end].to_owned()).or_default() += 1;
            }
        });
        matrix
    }

    /// The lists whose entries are images: a job's container or service is `${{ matrix.NAME }}`, and nothing else is.
    fn job(&self, collector: &mut Collector, job: &Node<'_>) {
        let mut uses = Vec::new();
        gather_images(job, &mut uses);
        let Some(matrix) = job.get("strategy").and_then(|strategy| strategy.get("matrix")) else { return };
        let names: Vec<&str> = uses.iter().filter_map(|(image, _)| whole_variable(image.text()?)).collect();
        for (index, name) in names.iter().enumerate() {
            let is_listed = |entries: &Node<'_>| {
                let elements = entries.elements().unwrap_or_default();
                elements.iter().any(|element| element.get(name).is_some())
            };
            if names[..index].contains(name)
                || !(matrix.get(name).is_some() || matrix.get("include").is_some_and(is_listed))
            {
                continue;
            }
            let as_image = names.iter().filter(|other| *other == name).count();
            let is_shared = self.is_taken_whole
                || self.uses.get(&name.to_ascii_lowercase()).copied().unwrap_or_default() > as_image;
            let of_name = || uses.iter().filter(|(image, _)| image.text().and_then(whole_variable) == Some(name));
            let has_login = of_name().any(|(_, has_login)| *has_login);
            let caution = match (is_shared, has_login) {
                (true, _) => Some(Caution::never(Reason::SharedValue)),
                (false, true) => Some(Caution::on_request(Reason::PullCredentials)),
                (false, false) => None,
            };
            collector.at_key("strategy", |collector| {
                collector.at_key("matrix", |collector| {
                    let claim = self.claim.with_caution(caution);
                    for path in [[*name].as_slice(), &["include", name], &["exclude", name]] {
                        collector.descend(matrix, path, &mut |collector, value| each_text(collector, value, claim));
                    }
                });
            });
            if !is_shared {
                of_name().for_each(|(image, _)| collector.settle(image));
            }
        }
    }
}

/// The nodes of a job where an image is expected, and whether credentials stand beside each.
fn gather_images<'n, 'a>(job: &'n Node<'a>, found: &mut Vec<(&'n Node<'a>, bool)>) {
    let container = job.get("container");
    let services = job.get("services").and_then(Node::entries).unwrap_or_default();
    for holder in container.into_iter().chain(services.iter().map(|service| &service.value)) {
        found.push((holder.get("image").unwrap_or(holder), holder.get("credentials").is_some()));
    }
}

/// The name of a matrix value that is all of a text: `${{ matrix.image }}`.
fn whole_variable(text: &str) -> Option<&str> {
    let name = text.strip_prefix("${{")?.strip_suffix("}}")?.trim().strip_prefix("matrix.")?;
    name.bytes().all(is_of_name).then_some(name)
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-".contains(&byte)
}
