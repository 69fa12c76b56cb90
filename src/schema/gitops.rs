//! Custom resources that say what to deploy: Flux, Argo CD, the Helm controller of k3s; and those of operators that
//! name an image outside a pod's template.

use super::claim::Claim;
use super::collect::Collector;
use super::expression::{VALUE, chart_values, walk};
use super::{Caution, SiteKind, helm, kustomize};
use crate::edit::Applicability;
use crate::reason::Reason;
use crate::syntax::{Entry, Node};

/// What a search made of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Searched {
    /// All of it: what else looks like a container in it is a chart's value.
    Whole,
    /// What it knows; pods may stand in it as well.
    Partly,
}

/// Images of operators' resources: the group, and the path.
const IMAGES: [(&str, &str); 34] = [
    ("monitoring.coreos.com", "spec.image"),
    ("monitoring.coreos.com", "spec.thanos.image"),
    ("sparkoperator.k8s.io", "spec.image"),
    ("sparkoperator.k8s.io", "spec.driver.image"),
    ("sparkoperator.k8s.io", "spec.executor.image"),
    ("sparkoperator.k8s.io", "spec.template.image"),
    ("sparkoperator.k8s.io", "spec.template.driver.image"),
    ("sparkoperator.k8s.io", "spec.template.executor.image"),
    ("flink.apache.org", "spec.image"),
    ("opentelemetry.io", "spec.image"),
    ("opentelemetry.io", "spec.targetAllocator.image"),
    ("opentelemetry.io", "spec.java.image"),
    ("opentelemetry.io", "spec.nodejs.image"),
    ("opentelemetry.io", "spec.python.image"),
    ("opentelemetry.io", "spec.dotnet.image"),
    ("opentelemetry.io", "spec.go.image"),
    ("opentelemetry.io", "spec.apacheHttpd.image"),
    ("opentelemetry.io", "spec.nginx.image"),
    ("postgresql.cnpg.io", "spec.imageName"),
    ("acid.zalan.do", "spec.dockerImage"),
    ("elasticsearch.k8s.elastic.co", "spec.image"),
    ("kibana.k8s.elastic.co", "spec.image"),
    ("apm.k8s.elastic.co", "spec.image"),
    ("beat.k8s.elastic.co", "spec.image"),
    ("agent.k8s.elastic.co", "spec.image"),
    ("logstash.k8s.elastic.co", "spec.image"),
    ("enterprisesearch.k8s.elastic.co", "spec.image"),
    ("maps.k8s.elastic.co", "spec.image"),
    ("kafka.strimzi.io", "spec.image"),
    ("kafka.strimzi.io", "spec.kafka.image"),
    ("kafka.strimzi.io", "spec.zookeeper.image"),
    ("kafka.strimzi.io", "spec.entityOperator.topicOperator.image"),
    ("kafka.strimzi.io", "spec.entityOperator.userOperator.image"),
    ("kafka.strimzi.io", "spec.entityOperator.tlsSidecar.image"),
];

/// Registries and names that operators put something behind.
const PARTS: [(&str, &str); 2] = [("monitoring.coreos.com", "spec.baseImage"), ("install.istio.io", "spec.hub")];

/// Searches a manifest for what its group says.
pub(super) fn resource(collector: &mut Collector, root: &Node<'_>) -> Searched {
    let version = root.get("apiVersion").and_then(Node::text).unwrap_or_default();
    let kind = root.get("kind").and_then(Node::text).unwrap_or_default();
    let group = version.split('/').next().unwrap_or_default();
    let claim = Claim::certain(SiteKind::Kubernetes);
    collector.custom_places(kind, root, claim);
    for (_, path) in IMAGES.iter().filter(|(of, _)| *of == group) {
        let keys: Vec<&str> = path.split('.').collect();
        collector.descend(root, &keys, &mut |collector, image| collector.image(image, claim));
    }
    for (_, path) in PARTS.iter().filter(|(of, _)| *of == group) {
        let keys: Vec<&str> = path.split('.').collect();
        let part = claim.with_caution(Some(Caution::never(Reason::Incomplete)));
        collector.descend(root, &keys, &mut |collector, image| collector.image(image, part));
    }
    let kustomized = |collector: &mut Collector, path: &[&str]| {
        collector.descend(root, path, &mut kustomize::images);
    };
    match (group, kind) {
        ("helm.toolkit.fluxcd.io", "HelmRelease") => {
            collector.descend(root, &["spec", "values"], &mut values);
            // They change what the chart renders, and no manifest here.
            let own = std::mem::take(&mut collector.kustomization);
            kustomized(collector, &["spec", "postRenderers", "kustomize", "images"]);
            collector.kustomization = own;
            Searched::Whole
        }
        ("kustomize.toolkit.fluxcd.io", "Kustomization") => {
            kustomized(collector, &["spec", "images"]);
            collector.kustomization.is_everywhere = true;
            collector.descend(root, &["spec"], &mut kustomize::patches);
            Searched::Whole
        }
        ("image.toolkit.fluxcd.io", "ImageRepository") => {
            let lists = Caution {
                reason: Reason::NeedsMore,
                applicability: Applicability::Unsafe,
                note: Some("Flux lists the tags of this repository, and a cache lists only those that were pulled"),
            };
            collector.descend(root, &["spec", "image"], &mut |collector, image| {
                collector.image(image, claim.with_caution(Some(lists)));
            });
            Searched::Whole
        }
        ("argoproj.io", "Application" | "ApplicationSet") => {
            let spec = if kind == "Application" { ["spec"].as_slice() } else { &["spec", "template", "spec"] };
            for sources in ["source", "sources"] {
                collector.descend(root, &[spec, &[sources]].concat(), &mut sources_of);
            }
            Searched::Whole
        }
        ("helm.cattle.io", _) => {
            let set = root.get("spec").and_then(|spec| spec.get("set")).and_then(Node::entries).unwrap_or_default();
            let is_half = |entry: &Entry<'_>| helm::is_half(&entry.key, entry.value.text());
            let overridden = set.iter().any(is_half).then(|| Caution::never(Reason::Overridden));
            collector.descend(root, &["spec", "valuesContent"], &mut |collector, text| {
                chart_values(collector, text, helm_claim().with_caution(overridden));
            });
            collector.descend(root, &["spec", "set", "*"], &mut |collector, value| {
                walk(collector, value, helm_claim());
            });
            Searched::Whole
        }
        _ => Searched::Partly,
    }
}

fn helm_claim() -> Claim {
    Claim { kind: SiteKind::Helm, ..VALUE }
}

fn values(collector: &mut Collector, node: &Node<'_>) {
    helm::values(collector, node);
}

/// One source of an application of Argo CD, or each of a list.
fn sources_of(collector: &mut Collector, node: &Node<'_>) {
    if node.elements().is_some() {
        return collector.each_child(node, sources_of);
    }
    let Some(helm) = node.get("helm") else {
        return collector.descend(node, &["kustomize", "images"], &mut kustomize::images_as_text);
    };
    let parameters = helm.get("parameters").and_then(Node::elements).unwrap_or_default();
    let parameters: Vec<&Node<'_>> = parameters.iter().collect();
    // A parameter goes before the values.
    let is_half = |parameter: &&Node<'_>| {
        let text = |key: &str| parameter.get(key).and_then(Node::text);
        text("name").is_some_and(|name| helm::is_half(name, text("value")))
    };
    let overridden = parameters.iter().any(is_half).then(|| Caution::never(Reason::Overridden));
    collector.at_key("helm", |collector| {
        collector.descend(helm, &["valuesObject"], &mut |collector, values| {
            helm::values_beside(collector, values, overridden);
        });
        collector.descend(helm, &["values"], &mut |collector, text| {
            chart_values(collector, text, helm_claim().with_caution(overridden));
        });
        collector.at_key("parameters", |collector| helm::settings(collector, &parameters, helm_claim()));
    });
    collector.descend(node, &["kustomize", "images"], &mut kustomize::images_as_text);
}
