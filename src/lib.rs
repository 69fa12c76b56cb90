//! Moves container image references to Amazon ECR's pull-through cache: text in, findings, edits and new text out. No
//! files, environment, threads or output, so that a migration script decides about all of those.
//!
//! # The way in
//!
//! A [`Rewriter`] is made from a [`Policy`]: the registry that references move to, and the cache rules. It takes a path,
//! whose name says the format, or a [`Format`], and a text.
//!
//! ```
//! use ecrewrite::{OfficialRoute, Policy, Registry, Rewriter};
//!
//! let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
//! let rewriter = Rewriter::new(Policy::new(registry, vec!["quay.io=quay".parse()?], OfficialRoute::EcrPublic)?);
//!
//! let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27  # web\n";
//! let cached = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/nginx:1.27";
//! assert_eq!(rewriter.rewrite("pod.yaml", pod).text, Some(pod.replace("nginx:1.27", cached)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Rewriter::check`] gives the same as findings: each with its [`Span`], its [`Outcome`] and, where it changes, a
//! [`Fix`] whose [`Edit`]s another program may apply. Files that belong together go to [`Rewriter::with_files`] first.
//! [`Rewriter::explain`] says of one reference what becomes of it and why.
//!
//! # The second door
//!
//! A codemod that has a tree of its own, such as that of a program's source, finds the texts itself. It reads each as an
//! [`ImageRef`], asks [`Policy::verdict`], and writes what [`Target::reference`] gives: the new
//! name, with the tag and the digest that were there.
//!
//! ```
//! use ecrewrite::{ImageRef, OfficialRoute, Policy, Registry, Verdict};
//!
//! /// The new text of a string in a place that holds an image, if it changes.
//! fn moved(policy: &Policy, literal: &str) -> Option<String> {
//!     let image = ImageRef::parse(literal).ok()?;
//!     match policy.verdict(&image) {
//!         Verdict::Rewrite(target) => Some(target.reference(&image)),
//!         Verdict::Cached(_) | Verdict::Left(_) => None,
//!     }
//! }
//!
//! let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
//! let policy = Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?;
//! let cached = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ecr-public/docker/library/redis:7-alpine";
//! assert_eq!(moved(&policy, "redis:7-alpine").as_deref(), Some(cached));
//! assert_eq!(moved(&policy, cached), None, "it is cached already");
//! assert_eq!(moved(&policy, "shop:dev"), None, "nobody publishes it");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What can be relied on
//!
//! What these pages show keeps its meaning within a minor version. [`Outcome`] and [`Verdict`] have three cases each and
//! get no fourth; other enums and structs may gain variants and fields, and say so. Ids of reasons and kinds never change.
//! All places are bytes of UTF-8; [`Source::position`] makes lines and columns of them. No type of another crate stands in
//! a signature, but for the feature `oci-spec`, whose purpose that is.
//!
//! The feature `cli`, on by default, adds what only the program needs: files, configuration, reports. Those modules, and
//! what these pages do not show, are the program's own and change with it: use `default-features = false`.

mod explanation;
mod judge;
mod mention;
mod optout;
mod removal;
mod rewriter;

// What is promised of these is named below; the rest is for the program and the tests.
#[doc(hidden)]
pub mod context;
#[doc(hidden)]
pub mod destination;
#[doc(hidden)]
pub mod doctor;
#[doc(hidden)]
pub mod edit;
#[doc(hidden)]
pub mod emit;
#[doc(hidden)]
pub mod engine;
#[doc(hidden)]
pub mod finding;
#[doc(hidden)]
pub mod home;
#[doc(hidden)]
pub mod image;
#[doc(hidden)]
pub mod inventory;
#[doc(hidden)]
pub mod options;
#[doc(hidden)]
pub mod policy;
#[doc(hidden)]
pub mod reason;
#[doc(hidden)]
pub mod registry;
#[doc(hidden)]
pub mod schema;
#[doc(hidden)]
pub mod source;
#[doc(hidden)]
pub mod syntax;
#[doc(hidden)]
pub mod upstream;

#[cfg(feature = "json")]
#[doc(hidden)]
pub mod bindings;
#[cfg(feature = "json")]
#[doc(hidden)]
pub mod report;
#[cfg(feature = "json")]
mod words;

#[cfg(feature = "cli")]
pub mod assembly;
#[cfg(feature = "cli")]
pub mod config;
#[cfg(feature = "cli")]
pub mod content;
#[cfg(feature = "cli")]
pub mod system;
#[cfg(feature = "cli")]
pub mod walk;
#[cfg(feature = "cli")]
pub mod write;

#[doc(inline)]
pub use destination::{Expression, ExpressionError, Expressions, Notation};
#[doc(inline)]
pub use edit::{Applicability, ApplyError, Edit, Fix, apply};
#[doc(inline)]
pub use engine::Rewritten;
pub use explanation::{Explanation, Step};
#[doc(inline)]
pub use finding::{FileReport, Finding, Note, Outcome};
#[doc(inline)]
pub use image::{ImageRef, ImageRefError};
#[doc(inline)]
pub use options::{CdkStyle, Direction, Options, Spelling, Unknown};
#[doc(inline)]
pub use policy::{CacheRule, OfficialRoute, Policy, PolicyError, Target, Verdict};
#[doc(inline)]
pub use reason::Reason;
#[doc(inline)]
pub use registry::{Registry, RegistryError};
pub use rewriter::{Rewriter, Subject};
#[doc(inline)]
pub use schema::{CustomPlace, Format, Kinds, SiteKind};
#[doc(inline)]
pub use source::{Position, Positions, Source, Span};
#[doc(inline)]
pub use syntax::{Language, SyntaxError, SyntaxErrorKind};
#[doc(inline)]
pub use upstream::Upstream;

#[doc(hidden)]
pub use context::Context;
#[doc(hidden)]
pub use inventory::Inventory;
#[doc(hidden)]
pub use schema::{Kustomization, NamedValues, Stack};

/// The example of the README is compiled and run with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
