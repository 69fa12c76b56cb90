//! Tree to sites: which scalars of a document are image references, and what stands beside them.
//!
//! Knows the formats. What becomes of a reference is [`policy`](crate::policy)'s business.

#[cfg(feature = "cdk-source")]
mod cdk;
mod claim;
mod cloudformation;
mod collect;
mod compose;
#[cfg(feature = "cdk-source")]
mod constants;
#[cfg(feature = "cdk-source")]
mod constructs;
mod dockerfile;
mod ecs;
mod expression;
mod files;
mod form;
mod gitops;
mod helm;
mod intrinsic;
mod kind;
mod kubernetes;
mod kustomize;
mod mappings;
mod names;
mod parameters;
mod places;
mod pulled;
mod split;
mod stack;
mod terraform;
mod text;
mod values;
mod workflow;

use std::sync::Arc;

use crate::edit::Applicability;
use crate::reason::Reason;
use crate::source::Span;
use crate::syntax::{Node, Scalar};

#[cfg(feature = "cdk-source")]
pub(crate) use cdk::task_definitions;
use claim::Claim;
use collect::Collector;
pub use files::Format;
pub use form::{Declared, Definition, Form, Locals, Piece, PieceKind};
pub(crate) use intrinsic::{call, text_of};
pub use kind::{Kinds, SiteKind};
pub(crate) use stack::Around;
pub use stack::{Stack, Stacks};
pub(crate) use values::Followed;
pub use values::{NamedValues, is_of_module};

/// A place in a file that holds an image reference, or may.
#[derive(Debug, Clone)]
pub struct Site {
    /// What kind of document it stands in.
    pub kind: SiteKind,
    /// The way to it: `spec.template.spec.containers[0].image`.
    pub place: String,
    /// Its text and the bytes behind it.
    pub scalar: Scalar<'static>,
    /// The registry, where that is a value of its own: the two make one reference, and change together.
    pub registry: Option<Scalar<'static>>,
    /// How sure it is that an image stands there.
    pub certainty: Certainty,
    /// What keeps a reference there from being changed without a second thought.
    pub caution: Option<Caution>,
    /// The longest reference that the place takes, in characters up to a digest.
    pub limit: Option<usize>,
    /// The entry that says what is pulled, where it is not there yet: the text is what is pulled without it.
    pub added: Option<Added>,
    /// The name that the image is found by, where a kustomization says what is pulled.
    pub match_key: Option<String>,
    /// Whether something may be filled in there.
    pub form: Form,
    /// The construct of a CDK app that the place comes from: `Shop/Web/Task`.
    pub construct: Option<Arc<str>>,
    /// The bytes of credentials for the old registry that stand beside it.
    pub credentials: Option<Span>,
}

/// An entry that a mapping gains, behind the one that holds the site's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Its key.
    pub key: &'static str,
    /// The bytes of the mapping.
    pub mapping: Span,
}

/// A place of images that the user names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomPlace {
    /// The `kind` of a manifest, or the type of a resource of CloudFormation or Terraform.
    pub kind: String,
    /// The keys below it, with `.` between them; lists on the way are implied, `*` is any key.
    pub path: String,
}

impl CustomPlace {
    /// The place below this kind, at this path.
    ///
    /// ```
    /// let runner = ecrewrite::CustomPlace::new("Backup", "spec.runner.image");
    /// assert_eq!(runner.path, "spec.runner.image");
    /// ```
    pub fn new(kind: impl Into<String>, path: impl Into<String>) -> Self {
        CustomPlace { kind: kind.into(), path: path.into() }
    }
}

/// What a file says.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    /// The places, in the order of their bytes.
    pub sites: Vec<Site>,
    /// What the file replaces in others, if it is a kustomization or does the same.
    pub kustomization: Kustomization,
    /// What it makes of its parameters, if it is a template of CloudFormation.
    pub stack: Option<Stack>,
    /// The bytes of what is accounted for without being a place: names by which something finds an image.
    pub accounted: Vec<Span>,
}

/// What replaces images of manifests by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Kustomization {
    /// The names, as often as they are replaced.
    pub names: Vec<String>,
    /// The names that manifests have to go on saying: what a patch tests.
    pub tested: Vec<String>,
    /// The files and folders that it takes in, relative to its own folder.
    pub resources: Vec<String>,
    /// What it takes in that replaces images in all of it: components, transformers.
    pub parts: Vec<String>,
    /// Whether nothing in the file says which manifests those are.
    pub is_everywhere: bool,
}

/// How sure it is that a place holds an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Certainty {
    /// Nothing says so. Whatever reads like a reference there is shown, not changed.
    Unknown,
    /// A value may stand there; one with an upstream's host and a path is an image.
    Value,
    /// It is named like an image: a reference with registry, tag or digest is one.
    Named,
    /// The format says so.
    Certain,
}

/// What keeps a reference from being changed without a second thought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caution {
    /// Why.
    pub reason: Reason,
    /// [`Unsafe`](Applicability::Unsafe) if a user may ask for the change all the same, else
    /// [`Display`](Applicability::Display).
    pub applicability: Applicability,
    /// What else would have to change, where more is known than the reason says.
    pub note: Option<&'static str>,
}

impl Caution {
    fn on_request(reason: Reason) -> Self {
        Caution { reason, applicability: Applicability::Unsafe, note: None }
    }

    fn never(reason: Reason) -> Self {
        Caution { reason, applicability: Applicability::Display, note: None }
    }
}

/// The sites of a file's documents, in the order of their bytes. The path tells the values of a chart from other documents.
pub(crate) fn sites(
    path: &str,
    format: Format,
    form: Form,
    documents: &[Node<'_>],
    places: &[CustomPlace],
    followed: Option<&Arc<Followed>>,
    around: Around,
) -> Sites {
    let mut collector = Collector::new(places, followed, around);
    collector.form = form;
    match format {
        Format::Terraform(_) => documents.iter().for_each(|root| terraform::module(&mut collector, root)),
        Format::TerraformVariables(_) => documents.iter().for_each(|root| terraform::variables(&mut collector, root)),
        Format::Document(_) | Format::Template | Format::Named(..) => {
            for (index, root) in documents.iter().enumerate() {
                let search = |collector: &mut Collector| match format {
                    Format::Named(kind, _) => named(collector, root, kind),
                    _ if holds_chart_values(path) && !kubernetes::is_manifest(root) => {
                        collector.with_form(Form::Text, |collector| helm::values(collector, root));
                    }
                    _ => document(collector, root),
                };
                if documents.len() > 1 {
                    collector.at_index(index, |collector| search(collector));
                } else {
                    search(&mut collector);
                }
            }
        }
        #[cfg(feature = "cdk-source")]
        Format::Program(_) => documents.iter().for_each(|root| cdk::program(&mut collector, root)),
        Format::Unreadable => {}
    }
    collector.finish(documents)
}

/// Whether a document is a picture that CDK draws of an app, for people: what it shows stands in the templates.
pub(crate) fn is_picture(root: &Node<'_>) -> bool {
    root.get("version").and_then(Node::text) == Some("tree-0.1") || root.get("version").is_none() && is_metadata(root)
}

/// CDK's notes on the constructs of a stack: `*.metadata.json`.
fn is_metadata(root: &Node<'_>) -> bool {
    let entries = root.entries().unwrap_or_default();
    let is_construct = |(key, value): (&str, &Node<'_>)| {
        key.starts_with('/')
            && value.elements().is_some_and(|notes| {
                notes
                    .iter()
                    .all(|note| note.get("type").and_then(Node::text).is_some_and(|kind| kind.starts_with("aws:cdk:")))
            })
    };
    !entries.is_empty() && entries.iter().all(|entry| is_construct((&entry.key, &entry.value)))
}

/// Whether a file is one of a chart's values, by its name or its folder's: nothing in it says so.
fn holds_chart_values(path: &str) -> bool {
    let mut parts = path.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or_default();
    let is_yaml = [".yaml", ".yml", ".tftpl"].iter().any(|ending| name.ends_with(ending));
    is_yaml
        && (name.starts_with("values")
            || name.contains("-values.")
            || name.contains(".values.")
            || parts.next() == Some("values"))
}

/// A document of a file whose name says what it is.
fn named(collector: &mut Collector, root: &Node<'_>, kind: SiteKind) {
    // A name is only a hint; a manifest says what it is.
    if kubernetes::is_manifest(root) && !(kind == SiteKind::Skaffold && is_skaffold(root)) {
        return document(collector, root);
    }
    collector.kind = kind;
    match kind {
        SiteKind::Dockerfile => return dockerfile::dockerfile(collector, root, Claim::certain(kind), &[]),
        SiteKind::Compose => compose::file(collector, root),
        SiteKind::GitHubActions => workflow::file(collector, root),
        SiteKind::CloudFormation => parameters::parameter_values(collector, root),
        SiteKind::Kustomize => return kustomize::file(collector, root),
        _ => pulled::file(collector, root, kind),
    }
    collector.sweep(root, kind);
}

fn is_skaffold(root: &Node<'_>) -> bool {
    root.get("apiVersion").and_then(Node::text).is_some_and(|version| version.starts_with("skaffold/"))
}

/// A document says by its content what it is.
fn document(collector: &mut Collector, root: &Node<'_>) {
    // Other documents may lie in a folder of templates too.
    let form = if kubernetes::is_manifest(root) { collector.form.clone() } else { Form::Text };
    collector.with_form(form, |collector| document_in(collector, root));
}

fn document_in(collector: &mut Collector, root: &Node<'_>) {
    if is_skaffold(root) {
        named(collector, root, SiteKind::Skaffold);
    } else if compose::is_compose(root) && !kubernetes::is_manifest(root) {
        named(collector, root, SiteKind::Compose);
    } else if kustomize::is_json_patch(root) {
        collector.kind = SiteKind::Kubernetes;
        collector.kustomization.is_everywhere = true;
        kustomize::json_patch(collector, root, Claim::certain(SiteKind::Kubernetes));
        collector.sweep(root, SiteKind::Kubernetes);
    } else if kubernetes::is_manifest(root) {
        collector.kind = SiteKind::Kubernetes;
        kubernetes::manifest(collector, root);
    } else if cloudformation::is_template(root) {
        collector.kind = SiteKind::CloudFormation;
        cloudformation::template(collector, root);
    } else {
        collector.kind = SiteKind::Ecs;
        ecs::task_definition(collector, root, Claim::certain(SiteKind::Ecs));
        parameters::parameter_values(collector, root);
        collector.sweep(root, SiteKind::Other);
    }
}
