//! Tree to sites: which scalars of a document are image references, and what stands beside them.
//!
//! Knows the formats. What becomes of a reference is [`policy`](crate::policy)'s business.

mod cloudformation;
mod collect;
mod ecs;
mod expression;
mod helm;
mod kubernetes;
mod names;
mod places;
mod split;
mod terraform;

use crate::edit::Applicability;
use crate::reason::Reason;
use crate::syntax::{Language, Node, Scalar};

use collect::{Claim, Collector};

/// How a file is read, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// JSON or YAML whose content says what it is: task definitions, CloudFormation, Kubernetes.
    Document(Language),
    /// Terraform or OpenTofu: `.tf`, `.tofu`, and their JSON syntax.
    Terraform(Language),
    /// Values of Terraform variables: `.tfvars` and its JSON syntax.
    TerraformVariables(Language),
    /// A template of a [`Document`](Format::Document), valid only once it is rendered.
    Template,
    /// A template of something that is not read before it is rendered.
    Unreadable,
}

/// What the ends of file names say. The first that fits holds.
const ENDINGS: [(&str, Format); 22] = [
    (".tf", Format::Terraform(Language::Hcl)),
    (".tofu", Format::Terraform(Language::Hcl)),
    (".tf.json", Format::Terraform(Language::Json)),
    (".tofu.json", Format::Terraform(Language::Json)),
    (".tfvars", Format::TerraformVariables(Language::Hcl)),
    (".tfvars.json", Format::TerraformVariables(Language::Json)),
    (".json", Format::Document(Language::Json)),
    (".yaml", Format::Document(Language::Yaml)),
    (".yml", Format::Document(Language::Yaml)),
    (".template", Format::Document(Language::Yaml)),
    (".tftpl", Format::Template),
    (".json.tpl", Format::Template),
    (".yaml.tpl", Format::Template),
    (".yml.tpl", Format::Template),
    (".tf.tpl", Format::Unreadable),
    (".json.j2", Format::Template),
    (".yaml.j2", Format::Template),
    (".yml.j2", Format::Template),
    (".yaml.tmpl", Format::Template),
    (".json.tmpl", Format::Template),
    (".yaml.gotmpl", Format::Template),
    (".yaml.jinja2", Format::Template),
];

impl Format {
    /// The format of a file with this path, or `None` if it is none of ours.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        ENDINGS.iter().find(|(ending, _)| name.len() > ending.len() && name.ends_with(ending)).map(|row| row.1)
    }
}

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
}

/// The kinds of documents that images stand in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[non_exhaustive]
pub enum SiteKind {
    /// An ECS task definition.
    Ecs,
    /// A CloudFormation template, written by hand or by CDK.
    CloudFormation,
    /// A Kubernetes manifest.
    Kubernetes,
    /// Terraform or OpenTofu.
    Terraform,
    /// Values of a Helm chart.
    Helm,
    /// Any other JSON or YAML.
    #[default]
    Other,
}

impl SiteKind {
    /// Its name in reports.
    pub fn id(self) -> &'static str {
        match self {
            SiteKind::Ecs => "ecs",
            SiteKind::CloudFormation => "cloudformation",
            SiteKind::Kubernetes => "kubernetes",
            SiteKind::Terraform => "terraform",
            SiteKind::Helm => "helm",
            SiteKind::Other => "other",
        }
    }
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
pub fn sites(path: &str, format: Format, documents: &[Node<'_>]) -> Vec<Site> {
    let mut collector = Collector::default();
    match format {
        Format::Terraform(_) => documents.iter().for_each(|root| terraform::module(&mut collector, root)),
        Format::TerraformVariables(_) => documents.iter().for_each(|root| terraform::variables(&mut collector, root)),
        Format::Document(_) | Format::Template => {
            for (index, root) in documents.iter().enumerate() {
                if holds_chart_values(path) && !kubernetes::is_manifest(root) {
                    helm::values(&mut collector, root);
                } else if documents.len() > 1 {
                    collector.at_index(index, |collector| document(collector, root));
                } else {
                    document(&mut collector, root);
                }
            }
        }
        Format::Unreadable => {}
    }
    collector.finish(documents)
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

/// A document says by its content what it is.
fn document(collector: &mut Collector, root: &Node<'_>) {
    if root.get("version").and_then(Node::text) == Some("tree-0.1") {
        // CDK's picture of an app, for people: what it shows stands in the templates.
        return;
    }
    if kubernetes::is_manifest(root) {
        collector.kind = SiteKind::Kubernetes;
        kubernetes::manifest(collector, root);
    } else if cloudformation::is_template(root) {
        collector.kind = SiteKind::CloudFormation;
        cloudformation::template(collector, root);
    } else {
        collector.kind = SiteKind::Ecs;
        ecs::task_definition(collector, root, Claim::certain(SiteKind::Ecs));
        collector.sweep(root, SiteKind::Other);
    }
}
