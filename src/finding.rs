//! What was found in a file: each reference with its outcome, computed once; every report is a view of it.

use std::sync::Arc;

use crate::edit::Fix;
use crate::inventory::Inventory;
use crate::reason::Reason;
use crate::schema::{Kustomization, NamedValues, SiteKind, Stack};
use crate::source::Span;
use crate::syntax::SyntaxError;

/// A reference in a file, and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The bytes of the value in the file, quotes included.
    pub span: Span,
    /// What kind of document it stands in.
    pub kind: SiteKind,
    /// The way to it in the document: `containerDefinitions[0].image`.
    pub place: String,
    /// The reference as text, escapes decoded; variables stand in it as they are written.
    pub reference: String,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What to know beside it.
    pub notes: Vec<Note>,
    /// The construct of a CDK app that it comes from: `Shop/Web/Task`.
    pub construct: Option<Arc<str>>,
    /// The bytes of credentials for the old registry that stand beside it.
    pub credentials: Option<Span>,
}

impl Finding {
    /// A reference that goes through the cache rule of this prefix, of a file that is not at hand.
    #[doc(hidden)]
    pub fn cached(kind: SiteKind, place: String, reference: String, rule: String) -> Self {
        Finding {
            span: Span::new(0, 0),
            kind,
            place,
            reference,
            outcome: Outcome::Cached { rule },
            notes: Vec::new(),
            construct: None,
            credentials: None,
        }
    }

    /// The reference once the change is made.
    pub fn afterwards(&self) -> &str {
        match &self.outcome {
            Outcome::Rewrite { to, .. } => to,
            Outcome::Cached { .. } | Outcome::Left(_) => &self.reference,
        }
    }
}

/// What becomes of a reference: one of these three, and never anything else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is rewritten.
    #[non_exhaustive]
    Rewrite {
        /// The reference afterwards.
        to: String,
        /// The prefix of the cache rule.
        rule: String,
        /// The change of the file.
        fix: Fix,
    },
    /// It already goes through the cache rule of this prefix.
    #[non_exhaustive]
    Cached {
        /// The prefix of the cache rule.
        rule: String,
    },
    /// It stays as it is.
    Left(Reason),
}

impl Outcome {
    /// The prefix of the cache rule that the reference needs, now or after the change.
    pub fn rule(&self) -> Option<&str> {
        match self {
            Outcome::Rewrite { rule, .. } | Outcome::Cached { rule } => Some(rule),
            Outcome::Left(_) => None,
        }
    }

    /// The change of the file, if there is one.
    pub fn fix(&self) -> Option<&Fix> {
        match self {
            Outcome::Rewrite { fix, .. } => Some(fix),
            Outcome::Cached { .. } | Outcome::Left(_) => None,
        }
    }
}

/// What to know beside a reference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Note {
    /// It is pinned by digest, and ECR does not find a digest that it has never pulled by a tag.
    DigestFirstPull,
    /// What else has to change, where the service says so.
    Beside(&'static str),
}

impl Note {
    /// One sentence.
    pub fn sentence(&self) -> &'static str {
        match self {
            Note::DigestFirstPull => {
                "pinned by digest: the first pull through a cache fails until the image was pulled once by its tag"
            }
            Note::Beside(note) => note,
        }
    }
}

/// What was found in one file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FileReport {
    /// The path, as in [`Source::path`](crate::Source::path).
    pub path: String,
    /// Every reference, in the order of the file.
    pub findings: Vec<Finding>,
    /// What the file replaces in others, if it is a kustomization.
    #[doc(hidden)]
    pub kustomization: Kustomization,
    /// What the file does with named values, if it is Terraform.
    #[doc(hidden)]
    pub values: NamedValues,
    /// What it makes of its parameters, if it is a template of CloudFormation.
    #[doc(hidden)]
    pub stack: Option<Stack>,
    /// What stands in it around the images.
    #[doc(hidden)]
    pub inventory: Option<Box<Inventory>>,
    /// Why the file as a whole was not read as its format.
    pub skipped: Option<Reason>,
    /// Where and why the file could not be parsed.
    pub error: Option<SyntaxError>,
}

impl FileReport {
    /// The report of a file that is not read, and why.
    #[doc(hidden)]
    pub fn skipped(path: impl Into<String>, reason: Reason) -> Self {
        FileReport { path: path.into(), skipped: Some(reason), ..FileReport::default() }
    }

    /// The findings that are rewritten, with the text afterwards, the rule's prefix and the change.
    pub fn rewrites(&self) -> impl Iterator<Item = (&Finding, &str, &Fix)> {
        self.findings.iter().filter_map(|finding| match &finding.outcome {
            Outcome::Rewrite { to, fix, .. } => Some((finding, to.as_str(), fix)),
            _ => None,
        })
    }
}
