//! Which changes are made, of those that a policy allows.

use crate::edit::Applicability;
use crate::schema::Kinds;

/// Which way references go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// From their upstream to the cache.
    #[default]
    ToCache,
    /// Back to their upstream.
    ToUpstream(Spelling),
}

/// How a reference to Docker Hub is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Spelling {
    /// As people write it: `nginx:1.27`.
    Short,
    /// With the host, for places where a short name would not be an image.
    Whole,
}

/// What becomes of a reference whose new host is not known, since account or region is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Unknown {
    /// It is shown with placeholders, as what would change once they are known.
    #[default]
    Shown,
    /// It stays.
    Left,
}

/// What references in the source of CDK apps become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum CdkStyle {
    /// The text names the registry: `ContainerImage.fromRegistry("…")`.
    #[default]
    Registry,
    /// A repository by its name: `ContainerImage.fromEcrRepository(Repository.fromRepositoryName(…), "…")`.
    Repository,
}

impl CdkStyle {
    /// Its name in flags and configuration.
    pub fn name(self) -> &'static str {
        match self {
            CdkStyle::Registry => "registry",
            CdkStyle::Repository => "repository",
        }
    }
}

/// Which changes are made. The default makes those that are safe, in files that are deployed:
///
/// ```
/// use ecrewrite::{Applicability, Kinds, Options};
///
/// let mut options = Options::default();
/// options.threshold = Applicability::Unsafe;
/// options.also = Kinds::named("dockerfile")?.or(Kinds::named("compose")?);
/// # Ok::<(), String>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The least that a change has to be trusted.
    pub threshold: Applicability,
    /// The kinds that are changed too, of those that are only changed when asked.
    pub also: Kinds,
    /// Whether kustomizations gain a `newName` where they replace an image by its name only.
    pub kustomize_add: bool,
    /// Whether credentials that only the old registry needed are taken out with the change.
    pub drop_credentials: bool,
    /// What references in the source of CDK apps become.
    pub cdk_style: CdkStyle,
    /// Which way references go.
    pub direction: Direction,
    /// What becomes of references to a host that is not known.
    pub unknown: Unknown,
    /// Whether it is gathered what stands around the images: what `doctor` and `emit` go by.
    #[doc(hidden)]
    pub inventory: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            threshold: Applicability::Safe,
            also: Kinds::default(),
            kustomize_add: false,
            drop_credentials: false,
            cdk_style: CdkStyle::Registry,
            direction: Direction::ToCache,
            unknown: Unknown::Shown,
            inventory: true,
        }
    }
}
