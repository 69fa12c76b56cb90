//! Named values of a Terraform module: where images are expected and a name stands, and which definitions that makes
//! images.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::{Certainty, Site};

/// A name of a value, as expressions write it: `var.image`, `local.web_image`.
#[expect(clippy::expect_used, reason = "the pattern is fixed")]
static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:var|local)\s*\.\s*[A-Za-z_][-A-Za-z0-9_]*").expect("the pattern is one"));

/// Whether a file with this path may use the named values of the module of its folder.
pub fn is_of_module(path: &str) -> bool {
    [".tf", ".tofu", ".tfvars", ".hcl", ".tf.json", ".tofu.json", ".tftpl"].iter().any(|end| path.ends_with(end))
}

/// What the files of a module do with named values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NamedValues {
    /// How often each stands where an image is expected, and is all that stands there.
    as_image: BTreeMap<String, usize>,
    /// How often each is named at all, comments and texts included.
    uses: BTreeMap<String, usize>,
}

impl NamedValues {
    /// What one file does with them.
    pub(crate) fn of(text: &str, sites: &[Site]) -> Self {
        let mut values = NamedValues::default();
        // Where something keeps the image as it is, its definition is no image like others.
        let images = sites.iter().filter(|site| site.certainty == Certainty::Certain && site.caution.is_none());
        for site in images {
            let whole = site.scalar.value().trim_start_matches("${").trim_end_matches('}').trim();
            if NAME.find(whole).is_some_and(|found| found.len() == whole.len()) {
                *values.as_image.entry(whole.to_owned()).or_default() += 1;
            }
        }
        values.count(text);
        values
    }

    /// Adds the names in a text that holds no image.
    pub fn count(&mut self, text: &str) {
        for found in NAME.find_iter(text) {
            let name = found.as_str().split_whitespace().collect::<String>();
            *self.uses.entry(name).or_default() += 1;
        }
    }

    /// The same images, with no use counted.
    #[must_use]
    pub fn uncounted(&self) -> Self {
        NamedValues { as_image: self.as_image.clone(), uses: BTreeMap::new() }
    }

    /// Adds what another file of the module does.
    pub fn add(&mut self, other: &Self) {
        other.as_image.iter().for_each(|(name, count)| *self.as_image.entry(name.clone()).or_default() += count);
        other.uses.iter().for_each(|(name, count)| *self.uses.entry(name.clone()).or_default() += count);
    }

    /// Whether no name stands where an image is expected.
    pub fn is_empty(&self) -> bool {
        self.as_image.is_empty()
    }

    /// What the definitions of the names are.
    pub(crate) fn followed(&self) -> Followed {
        let is_only = |(name, count): &(&String, &usize)| self.uses.get(*name).is_none_or(|all| all <= count);
        let (images, shared): (Vec<_>, Vec<_>) = self.as_image.iter().partition(is_only);
        let names = |counted: Vec<(&String, &usize)>| counted.into_iter().map(|(name, _)| name.clone()).collect();
        Followed { images: names(images), shared: names(shared) }
    }
}

/// The names whose definitions are images.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Followed {
    /// They are used for nothing else.
    pub(super) images: BTreeSet<String>,
    /// They are used for something else as well.
    pub(super) shared: BTreeSet<String>,
}

impl Followed {
    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.images.is_empty() && self.shared.is_empty()
    }
}
