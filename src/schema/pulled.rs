//! Files of builds, pipelines and laptops: places that a path says, as data.
//!
//! Whoever reads these files pulls with credentials of its own, so they are changed only when asked
//! ([`SiteKind::on_request`]). What a path does not say stands in the rooms of [`compose`](super::compose),
//! [`dockerfile`](super::dockerfile) and [`workflow`](super::workflow).

use super::claim::Claim;
use super::collect::Collector;
use super::{Caution, SiteKind, dockerfile, kubernetes};
use crate::edit::Applicability;
use crate::reason::Reason;
use crate::syntax::Node;

/// A place of images in a kind of files.
struct Place {
    kind: SiteKind,
    /// The keys from the top: `*` is any key, `**` any way down; lists on the way are implied.
    path: &'static str,
    /// The keys beside the image by which another registry is logged in to.
    credentials: &'static [&'static str],
}

const fn place(kind: SiteKind, path: &'static str, credentials: &'static [&'static str]) -> Place {
    Place { kind, path, credentials }
}

const BITBUCKET: &[&str] = &["username", "password", "aws"];

const PLACES: [Place; 27] = [
    place(SiteKind::CircleCi, "jobs.*.docker.image", &["auth"]),
    place(SiteKind::CircleCi, "executors.*.docker.image", &["auth"]),
    place(SiteKind::Buildspec, "batch.build-graph.env.image", &[]),
    place(SiteKind::Buildspec, "batch.build-list.env.image", &[]),
    place(SiteKind::Buildspec, "batch.build-matrix.static.env.image", &[]),
    place(SiteKind::Buildspec, "batch.build-matrix.dynamic.env.image", &[]),
    place(SiteKind::Copilot, "image.location", &["credentials"]),
    place(SiteKind::Copilot, "sidecars.*.image", &[]),
    place(SiteKind::Copilot, "sidecars.*.image.location", &["credentials"]),
    place(SiteKind::Copilot, "environments.*.image.location", &["credentials"]),
    place(SiteKind::Copilot, "environments.*.sidecars.*.image", &[]),
    place(SiteKind::Copilot, "environments.*.sidecars.*.image.location", &["credentials"]),
    place(SiteKind::Copilot, "environments.*.logging.image", &[]),
    place(SiteKind::Copilot, "logging.image", &[]),
    place(SiteKind::Skaffold, "**.artifacts.buildpacks.builder", &[]),
    place(SiteKind::Skaffold, "**.artifacts.buildpacks.runImage", &[]),
    place(SiteKind::Skaffold, "verify.container.image", &[]),
    place(SiteKind::Skaffold, "customActions.containers.image", &[]),
    place(SiteKind::Devcontainer, "image", &[]),
    place(SiteKind::BitbucketPipelines, "image", &[]),
    place(SiteKind::BitbucketPipelines, "image.name", BITBUCKET),
    place(SiteKind::BitbucketPipelines, "**.step.image", &[]),
    place(SiteKind::BitbucketPipelines, "**.step.image.name", BITBUCKET),
    place(SiteKind::BitbucketPipelines, "definitions.services.*.image", &[]),
    place(SiteKind::BitbucketPipelines, "definitions.services.*.image.name", BITBUCKET),
    place(SiteKind::AzurePipelines, "resources.containers.image", &["endpoint"]),
    place(SiteKind::AzurePipelines, "**.container.image", &["endpoint"]),
];

/// Searches a file of one of these kinds.
pub(super) fn file(collector: &mut Collector, root: &Node<'_>, kind: SiteKind) {
    // App Runner's services, under another name.
    let is_app_runner = kind == SiteKind::Copilot
        && root.get("type").and_then(Node::text).is_some_and(|kind| kind.starts_with("Request-Driven"));
    let caution = is_app_runner.then(|| Caution::on_request(Reason::NeedsMore));
    if kind == SiteKind::Skaffold {
        collector.descend(root, &["**", "artifacts", "image"], &mut |collector, image| {
            collector.built.extend(image.text().map(str::to_owned));
        });
    }
    for place in PLACES.iter().filter(|place| place.kind == kind) {
        images_with(collector, root, Claim::certain(kind).with_caution(caution), place.path, place.credentials);
    }
    match kind {
        SiteKind::Skaffold => {
            let output = Claim::certain(kind).with_caution(Some(Caution::never(Reason::BuildOutput)));
            collector.descend(root, &["**", "artifacts", "image"], &mut |collector, image| {
                // Skaffold puts what it built where manifests say this.
                collector.kustomization.names.extend(image.text().map(str::to_owned));
                collector.kustomization.is_everywhere = true;
                // A bare name is an artifact's and nothing else.
                if image.text().is_some_and(|text| text.contains(['.', ':'])) {
                    collector.image(image, output);
                }
            });
        }
        // Images of machines, which look like those of containers.
        SiteKind::CircleCi => collector.descend(root, &["**", "machine", "image"], &mut |collector, image| {
            collector.settle(image);
        }),
        SiteKind::GitLabCi => gitlab(collector, root),
        SiteKind::Bake => bake(collector, root),
        SiteKind::Dockerrun => dockerrun(collector, root),
        SiteKind::BitbucketPipelines => collector.descend(root, &["**", "pipe"], &mut |collector, pipe| {
            if pipe.text().is_some_and(|text| text.starts_with("docker://")) {
                let claim = Claim::certain(kind).with_caution(Some(Caution::never(Reason::NeedsLogin)));
                collector.image(pipe, claim);
            }
        }),
        SiteKind::AzurePipelines => collector.descend(root, &["**", "container"], &mut |collector, container| {
            // Otherwise it is the name of a resource.
            if container.text().is_some_and(|text| text.contains(['/', ':'])) {
                collector.image(container, Claim::certain(kind));
            }
        }),
        SiteKind::Buildkite => buildkite(collector, root),
        _ => {}
    }
}

/// The images at a path; beside one, credentials of another registry have to go with the change.
pub(super) fn images(collector: &mut Collector, root: &Node<'_>, kind: SiteKind, path: &str, credentials: &[&str]) {
    images_with(collector, root, Claim::certain(kind), path, credentials);
}

fn images_with(collector: &mut Collector, root: &Node<'_>, claim: Claim, path: &str, credentials: &[&str]) {
    let keys: Vec<&str> = path.split('.').collect();
    let Some((last, holder)) = keys.split_last() else { return };
    collector.descend(root, holder, &mut |collector, node| {
        each_mapping(collector, node, &mut |collector, holder| {
            let beside = credentials.iter().any(|key| holder.get(key).is_some());
            let caution = beside.then(|| Caution::on_request(Reason::PullCredentials));
            collector.descend(holder, &[last], &mut |collector, image| {
                each_text(collector, image, claim.with_caution(caution));
            });
        });
    });
}

fn each_mapping(collector: &mut Collector, node: &Node<'_>, found: &mut dyn FnMut(&mut Collector, &Node<'_>)) {
    match node.elements() {
        Some(_) => collector.each_child(node, |collector, child| each_mapping(collector, child, found)),
        None => found(collector, node),
    }
}

/// An image, or each of a list; a list of mappings has paths of its own.
pub(super) fn each_text(collector: &mut Collector, node: &Node<'_>, claim: Claim) {
    match node.elements() {
        // GitLab's way to a value of another job.
        Some(_) if node.tag() == Some("!reference") => {
            collector.settle(node);
            collector.unresolved("!reference", node.span(), claim);
        }
        Some(_) => collector.each_child(node, |collector, child| each_text(collector, child, claim)),
        None => collector.image(node, claim),
    }
}

/// Keys at the top of a pipeline of GitLab that are no jobs.
const NO_JOBS: [&str; 5] = ["variables", "workflow", "include", "stages", "spec"];

fn gitlab(collector: &mut Collector, root: &Node<'_>) {
    let claim = Claim::certain(SiteKind::GitLabCi);
    let named = Caution {
        reason: Reason::NeedsMore,
        applicability: Applicability::Unsafe,
        note: Some("GitLab CI: jobs reach a service by its image's name unless it has an `alias`, which it needs then"),
    };
    let job = |collector: &mut Collector, node: &Node<'_>| {
        for path in ["image", "image.name"] {
            images(collector, node, SiteKind::GitLabCi, path, &[]);
        }
        collector.descend(node, &["services"], &mut |collector, services| {
            if services.tag() == Some("!reference") {
                return each_text(collector, services, claim);
            }
            collector.each_child(services, |collector, service| match service.get("name") {
                Some(name) => {
                    let has_alias = service.get("alias").and_then(Node::text).is_some_and(|alias| !alias.is_empty());
                    let caution = (!has_alias).then_some(named);
                    collector.at_key("name", |collector| collector.image(name, claim.with_caution(caution)));
                }
                None => each_text(collector, service, claim.with_caution(Some(named))),
            });
        });
    };
    job(collector, root);
    for entry in root.entries().unwrap_or_default().iter().filter(|entry| !NO_JOBS.contains(&entry.key.as_ref())) {
        if entry.value.entries().is_some() {
            collector.at_key(&entry.key, |collector| job(collector, &entry.value));
        }
    }
}

fn bake(collector: &mut Collector, root: &Node<'_>) {
    let claim = Claim::certain(SiteKind::Bake);
    collector.descend(root, &["target", "*", "tags"], &mut |collector, tags| {
        let texts = tags.elements().unwrap_or_default().iter().filter_map(Node::text);
        collector.built.extend(texts.map(str::to_owned));
    });
    collector.descend(root, &["target", "*", "contexts", "*"], &mut |collector, context| {
        if context.text().is_some_and(|text| text.starts_with("docker-image://")) {
            collector.image(context, claim);
        }
    });
    for key in ["tags", "cache-from", "cache-to"] {
        collector.descend(root, &["target", "*", key], &mut |collector, names| {
            let output = claim.with_caution(Some(Caution::never(Reason::BuildOutput)));
            collector.outputs(names, output);
        });
    }
    collector.descend(root, &["target", "*"], &mut |collector, target| {
        let contexts = target.get("contexts").and_then(Node::entries).unwrap_or_default();
        let names: Vec<String> = contexts.iter().map(|context| context.key.to_string()).collect();
        collector.descend(target, &["dockerfile-inline"], &mut |collector, text| {
            dockerfile::inline(collector, text, Claim::certain(SiteKind::Dockerfile), &names);
        });
    });
}

fn dockerrun(collector: &mut Collector, root: &Node<'_>) {
    let has_login = ["Authentication", "authentication"].iter().any(|key| root.get(key).is_some());
    let caution = has_login.then(|| Caution::on_request(Reason::PullCredentials));
    for path in [["Image", "Name"], ["containerDefinitions", "image"]] {
        collector.descend(root, &path, &mut |collector, image| {
            collector.image(image, Claim::certain(SiteKind::Dockerrun).with_caution(caution));
        });
    }
}

/// Plugins that run a step in a container: `docker#v5: {image: …}`.
fn buildkite(collector: &mut Collector, root: &Node<'_>) {
    let claim = Claim::certain(SiteKind::Buildkite);
    collector.descend(root, &["**", "plugins"], &mut |collector, plugins| {
        each_mapping(collector, plugins, &mut |collector, plugin| {
            for entry in plugin.entries().unwrap_or_default() {
                if entry.key.starts_with("docker#") || entry.key.starts_with("docker-compose#") {
                    collector.at_key(&entry.key, |collector| {
                        collector.descend(&entry.value, &["image"], &mut |collector, image| {
                            collector.image(image, claim);
                        });
                    });
                }
            }
        });
    });
    for pod in ["podSpec", "podSpecPatch"] {
        collector.descend(root, &["**", "kubernetes", pod], &mut |collector, pod| {
            kubernetes::containers(collector, pod, claim, &mut Collector::image);
        });
    }
    for path in [["**", "kubernetes", "sidecars", "image"].as_slice(), &["**", "steps", "image"]] {
        collector.descend(root, path, &mut |collector, image| collector.image(image, claim));
    }
}
