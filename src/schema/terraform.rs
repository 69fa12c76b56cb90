//! Terraform and OpenTofu modules, in HCL or JSON syntax, and the values of their variables.
//!
//! Known arguments of known resources hold images. Elsewhere a name may say so, and a whole text with a registry's host
//! and a path is an image wherever a value stands, unless the place says otherwise.

use std::sync::Arc;

use super::claim::{Claim, Names};
use super::collect::Collector;
use super::expression::{VALUE, chart_values, containers, each_entry, entry, image_of, leaves, texts, unknown, walk};
use super::places::{IMAGE_BUILDER, Service, TERRAFORM};
use super::{Caution, Certainty, Definition, Form, Locals, cloudformation, dockerfile, ecs, helm, kubernetes};
use crate::reason::Reason;
use crate::syntax::{Kind, Language, Node};

/// Searches a file of a module.
pub(super) fn module(collector: &mut Collector, root: &Node<'_>) {
    let locals = Arc::new(Locals::of(root));
    // What is defined cannot be filled in where it is.
    let defining = |address: String| Form::Definition(Arc::new(Definition { address, locals: Arc::clone(&locals) }));
    each_entry(collector, root, &mut |collector, key, node| match key {
        "resource" | "data" | "ephemeral" => each_entry(collector, node, &mut |collector, resource_type, named| {
            each_entry(collector, named, &mut |collector, name, body| {
                let space = if key == "resource" { String::new() } else { format!("{key}.") };
                let form = defining(format!("{space}{resource_type}.{name}"));
                collector.with_form(form, |collector| resource(collector, resource_type, body));
            });
        }),
        "module" => each_entry(collector, node, &mut |collector, name, body| {
            let form = defining(format!("module.{name}"));
            collector.with_form(form, |collector| module_call(collector, name, body));
        }),
        // A default may not name other values.
        "variable" => collector.with_form(Form::Text, |collector| {
            each_entry(collector, node, &mut |collector, name, body| variable(collector, name, body));
        }),
        "locals" => each_entry(collector, node, &mut |collector, key, value| {
            let form = defining(format!("local.{key}"));
            collector.with_form(form, |collector| definition(collector, "local", key, value));
        }),
        "output" => walk(collector, node, VALUE),
        _ => walk(collector, node, unknown(VALUE)),
    });
}

/// Searches the values of variables.
pub(super) fn variables(collector: &mut Collector, root: &Node<'_>) {
    each_entry(collector, root, &mut |collector, key, value| definition(collector, "var", key, value));
}

/// What defines a local, or gives a variable its value.
fn definition(collector: &mut Collector, space: &str, key: &str, value: &Node<'_>) {
    collector.definition(&format!("{space}.{key}"), value, VALUE, |collector, value| {
        entry(collector, key, value, VALUE);
    });
}

/// What a type of resource, by the start of its name, makes of any image in it.
const FAMILIES: [(&str, Reason); 49] = [
    ("aws_lambda_", Reason::NoPullThrough),
    ("aws_emrserverless_", Reason::NoPullThrough),
    ("aws_lightsail_", Reason::NoPullThrough),
    ("docker_", Reason::NeedsLogin),
    ("aws_apprunner_", Reason::NeedsMore),
    ("aws_codebuild_", Reason::NeedsMore),
    ("aws_sagemaker_", Reason::NeedsMore),
    ("aws_imagebuilder_", Reason::NeedsMore),
    ("aws_bedrockagentcore_", Reason::NeedsMore),
    ("aws_ecr_", Reason::UnknownPlace),
    // Whether what these hand on can pull through a cache, is theirs to know.
    ("aws_sfn_", Reason::UnknownPlace),
    ("aws_eks_addon", Reason::UnknownPlace),
    ("aws_ecrpublic_", Reason::UnknownPlace),
    ("aws_iam_", Reason::UnknownPlace),
    ("aws_config_", Reason::UnknownPlace),
    ("aws_cloudwatch_event_", Reason::UnknownPlace),
    // Other clouds, which cannot log in to ECR, and tools that push.
    ("google_", Reason::UnknownPlace),
    ("azurerm_", Reason::UnknownPlace),
    ("azapi_", Reason::UnknownPlace),
    ("alicloud_", Reason::UnknownPlace),
    ("oci_", Reason::UnknownPlace),
    ("digitalocean_", Reason::UnknownPlace),
    ("hcloud_", Reason::UnknownPlace),
    ("scaleway_", Reason::UnknownPlace),
    ("linode_", Reason::UnknownPlace),
    ("ibm_", Reason::UnknownPlace),
    ("yandex_", Reason::UnknownPlace),
    ("openstack_", Reason::UnknownPlace),
    ("proxmox_", Reason::UnknownPlace),
    ("incus_", Reason::UnknownPlace),
    ("lxd_", Reason::UnknownPlace),
    ("libvirt_", Reason::UnknownPlace),
    ("vultr_", Reason::UnknownPlace),
    ("ovh_", Reason::UnknownPlace),
    ("exoscale_", Reason::UnknownPlace),
    ("tencentcloud_", Reason::UnknownPlace),
    ("huaweicloud_", Reason::UnknownPlace),
    ("fly_", Reason::UnknownPlace),
    ("render_", Reason::UnknownPlace),
    ("heroku_", Reason::UnknownPlace),
    ("skopeo", Reason::UnknownPlace),
    ("dockerless_", Reason::UnknownPlace),
    ("ko_", Reason::UnknownPlace),
    ("harbor_", Reason::UnknownPlace),
    ("artifactory_", Reason::UnknownPlace),
    ("argocd_", Reason::UnknownPlace),
    // A program that runs where Terraform does, and pipelines.
    ("github_", Reason::NeedsLogin),
    ("gitlab_", Reason::NeedsLogin),
    ("external", Reason::NeedsLogin),
];

fn family_caution(resource_type: &str) -> Option<Caution> {
    let reason = FAMILIES.iter().find(|(start, _)| resource_type.starts_with(start))?.1;
    Some(match reason {
        Reason::NeedsMore => Caution::on_request(reason),
        _ => Caution::never(reason),
    })
}

fn resource(collector: &mut Collector, resource_type: &str, body: &Node<'_>) {
    collector.custom_places(resource_type, body, VALUE.with_certainty(Certainty::Certain));
    for place in TERRAFORM.iter().filter(|place| place.resource == resource_type) {
        let keys: Vec<&str> = place.path.split('.').collect();
        let Some((last, holder)) = keys.split_last() else { continue };
        let claim = Claim { limit: place.service.limit(), ..VALUE.with_certainty(Certainty::Certain) };
        let claim = claim.with_caution(place.service.caution());
        let pulls = matches!(place.service, Service::Pulls(_));
        if holder.is_empty() {
            image_of(collector, body, last, claim);
            continue;
        }
        follow(collector, body, holder, &mut |collector, node| {
            containers(collector, node, last, claim, &mut |collector, container| {
                let beside = if pulls { ecs::pull_credentials(container) } else { None };
                image_of(collector, container, last, claim.with_credentials(beside));
            });
        });
    }
    match resource_type {
        "kubernetes_manifest" => collector.descend(body, &["manifest"], &mut manifests),
        "kubectl_manifest" => collector.descend(body, &["yaml_body"], &mut manifests),
        "helm_release" => helm_values(collector, body),
        "aws_cloudformation_stack" => collector.descend(body, &["template_body"], &mut |collector, template| {
            leaves(collector, template, &mut |collector, leaf| {
                let search = |collector: &mut Collector, document: &Node<'_>| {
                    if cloudformation::is_template(document) {
                        cloudformation::template(collector, document);
                    }
                };
                if leaf.scalar().is_some() {
                    collector.within_text(leaf, &[Language::Json, Language::Yaml], search);
                } else {
                    search(collector, leaf);
                }
            });
        }),
        "aws_imagebuilder_container_recipe" => {
            let claim = VALUE.with_certainty(Certainty::Certain).with_caution(IMAGE_BUILDER.caution());
            collector.descend(body, &["dockerfile_template_data"], &mut |collector, text| {
                texts(collector, text, &mut |collector, text| dockerfile::inline(collector, text, claim, &[]));
            });
        }
        _ if resource_type.starts_with("kubernetes_") => pods(collector, body),
        _ => {}
    }
    if matches!(resource_type, "kubernetes_manifest" | "kubectl_manifest") {
        return walk(collector, body, unknown(VALUE));
    }
    let names = if resource_type == "template_file" { Names::Trusted } else { Names::Ignored };
    walk(collector, body, Claim { names, ..VALUE.with_caution(family_caution(resource_type)) });
}

/// Follows keys down from a resource. The value of its argument may be JSON as text; then the path goes on inside.
fn follow(collector: &mut Collector, body: &Node<'_>, keys: &[&str], found: &mut dyn FnMut(&mut Collector, &Node<'_>)) {
    let Some((argument, rest)) = keys.split_first() else { return found(collector, body) };
    collector.descend(body, &[argument], &mut |collector, value| {
        collector.descend(value, rest, found);
        if !rest.is_empty() {
            texts(collector, value, &mut |collector, text| {
                let read = collector.within_text(text, &[Language::Json], |collector, document| {
                    collector.descend(document, rest, found);
                });
                if !read {
                    collector.unreadable(text, VALUE.with_certainty(Certainty::Certain));
                }
            });
        }
    });
}

/// The containers of pods, at any depth of a resource of the Kubernetes provider.
fn pods(collector: &mut Collector, node: &Node<'_>) {
    let claim = VALUE.with_certainty(Certainty::Certain);
    for key in ["container", "init_container"] {
        collector.descend(node, &[key], &mut |collector, container| {
            image_of(collector, container, "image", claim);
        });
    }
    collector.each_child(node, |collector, child| {
        if matches!(child.kind, Kind::Mapping(_) | Kind::Sequence(_)) {
            pods(collector, child);
        }
    });
}

/// Manifests as objects, or as text.
fn manifests(collector: &mut Collector, node: &Node<'_>) {
    let mut found = |collector: &mut Collector, image: &Node<'_>, claim: Claim| walk(collector, image, claim);
    let claim = VALUE.with_certainty(Certainty::Certain);
    if node.scalar().is_some() {
        let read = collector.within_text(node, &[Language::Yaml], |collector, document| {
            if kubernetes::is_manifest(document) {
                kubernetes::containers(collector, document, claim, &mut found);
                kubernetes::sweep(collector, document, claim.kind);
            }
        });
        if !read {
            collector.unreadable(node, claim);
        }
    } else if node.entries().is_some() {
        if kubernetes::is_manifest(node) {
            kubernetes::containers(collector, node, claim, &mut found);
        }
    } else {
        node.children().into_iter().for_each(|child| manifests(collector, child));
    }
}

/// The values handed to a chart: as text, as objects, or one by one. Those that are set one by one go before the others.
fn helm_values(collector: &mut Collector, release: &Node<'_>) {
    let mut settings = Vec::new();
    let mut is_global = false;
    for entry in release.entries().unwrap_or_default() {
        match entry.key.as_ref() {
            "set" | "set_list" | "set_sensitive" => gather(&entry.value, &mut settings),
            "values" => is_global |= helm::mention_global_registry(&entry.value),
            _ => {}
        }
    }
    let overridden = |by: bool| VALUE.with_caution(by.then(|| Caution::never(Reason::Overridden)));
    let claim = overridden(helm::set_registry(&settings));
    collector.descend(release, &["values"], &mut |collector, values| {
        chart_values(collector, values, claim);
        walk(collector, values, claim);
    });
    collector.at_key("set", |collector| helm::settings(collector, &settings, overridden(is_global)));
    for key in ["chart", "repository"] {
        let chart = VALUE.with_caution(Some(Caution::never(Reason::Chart)));
        collector.descend(release, &[key], &mut |collector, value| walk(collector, value, chart));
    }
}

/// The mappings that a value is, or lists.
fn gather<'n, 'a>(node: &'n Node<'a>, found: &mut Vec<&'n Node<'a>>) {
    match node.kind {
        Kind::Mapping(_) => found.push(node),
        Kind::Computed(_) => {}
        _ => node.children().into_iter().for_each(|child| gather(child, found)),
    }
}

fn module_call(collector: &mut Collector, name: &str, body: &Node<'_>) {
    let source = body.get("source").and_then(Node::text).unwrap_or_default();
    let packaged = body.get("package_type").and_then(Node::text) == Some("Image");
    let is_lambda = packaged || [name, source].iter().any(|text| text.contains("lambda"));
    walk(collector, body, VALUE.with_caution(is_lambda.then(|| Caution::never(Reason::NoPullThrough))));
}

fn variable(collector: &mut Collector, name: &str, body: &Node<'_>) {
    let validated = body.get("validation").is_some_and(|rules| compares(rules, name));
    let claim = VALUE.with_caution(validated.then(|| Caution::on_request(Reason::Validated)));
    each_entry(collector, body, &mut |collector, key, node| match key {
        "default" => {
            collector.definition(&format!("var.{name}"), node, claim, |collector, node| {
                entry(collector, name, node, claim);
            });
        }
        "type" => entry(collector, name, node, claim),
        _ => walk(collector, node, unknown(claim)),
    });
}

/// Whether a validation compares with a text, a number, or a value from elsewhere: a new value may not pass it. That
/// there is some value, any value passes.
fn compares(node: &Node<'_>, variable: &str) -> bool {
    match &node.kind {
        Kind::Mapping(entries) => {
            entries.iter().any(|entry| entry.key != "error_message" && compares(&entry.value, variable))
        }
        Kind::Scalar(scalar) => !matches!(scalar.value(), "" | "0" | "1" | "true" | "false" | "null"),
        Kind::Reference(text) => ["local.", "module.", "data.", "var."].iter().any(|start| {
            text.strip_prefix(start).is_some_and(|rest| {
                let name = rest.split(['.', '[']).next().unwrap_or(rest);
                *start != "var." || name != variable
            })
        }),
        _ => node.children().into_iter().any(|child| compares(child, variable)),
    }
}
