//! Moves container image references to Amazon ECR's pull-through cache.
//!
//! The pieces, in the order of the pipeline: a [`Source`] is parsed ([`syntax`]), its image references are found
//! ([`schema`]) and read ([`ImageRef`]), a [`Policy`] says what becomes of each, and [`check`] and [`rewrite()`] put that
//! together. All of it is pure: text in, findings and new text out.
//!
//! ```
//! use ecrewrite::{OfficialRoute, Options, Policy, Registry, Source, rewrite};
//!
//! let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
//! let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?;
//!
//! let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27  # web\n";
//! let rewritten = rewrite(&Source::new("pod.yaml", pod), &policy, Options::default());
//!
//! let cached = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
//! assert_eq!(rewritten.text, Some(pod.replace("nginx:1.27", cached)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The feature `cli`, on by default, adds what only the program needs: files, configuration, reports.

pub mod context;
pub mod destination;
pub mod doctor;
pub mod edit;
pub mod emit;
pub mod engine;
pub mod finding;
pub mod home;
pub mod image;
pub mod inventory;
mod judge;
mod mention;
pub mod options;
mod optout;
pub mod policy;
pub mod reason;
pub mod registry;
mod removal;
pub mod schema;
pub mod source;
pub mod syntax;
pub mod upstream;

#[cfg(feature = "cli")]
pub mod assembly;
#[cfg(feature = "cli")]
pub mod config;
#[cfg(feature = "cli")]
pub mod content;
#[cfg(feature = "cli")]
pub mod report;
#[cfg(feature = "cli")]
pub mod system;
#[cfg(feature = "cli")]
pub mod walk;
#[cfg(feature = "cli")]
pub mod write;

pub use context::Context;
pub use destination::{Expression, Expressions};
pub use edit::{Applicability, Edit, Fix};
pub use engine::{Rewritten, check, check_in, rewrite, rewrite_in};
pub use finding::{FileReport, Finding, Note, Outcome};
pub use image::{ImageRef, ImageRefError};
pub use inventory::Inventory;
pub use options::{CdkStyle, Direction, Options, Spelling, Unknown};
pub use policy::{CacheRule, OfficialRoute, Policy, PolicyError, Target, Verdict};
pub use reason::Reason;
pub use registry::{Registry, RegistryError};
pub use schema::{CustomPlace, Format, Kinds, Kustomization, NamedValues, SiteKind, Stack};
pub use source::{Position, Source, Span};
pub use upstream::Upstream;

/// The example of the README is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
