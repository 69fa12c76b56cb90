//! The codemod in Rust of `docs/codemods.md`, which shows what follows these lines.
//!
//!   cargo run --example codemod -- FILE…

use std::fs;

use ecrewrite::{OfficialRoute, Policy, Registry, Rewriter};

/// Rewrites the files with these paths.
pub fn migrate(paths: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
    let rewriter = Rewriter::new(Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?);
    for path in paths {
        if let Some(text) = rewriter.rewrite(path, &fs::read_to_string(path)?).text {
            fs::write(path, text)?;
        }
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    migrate(&std::env::args().skip(1).collect::<Vec<_>>())
}
