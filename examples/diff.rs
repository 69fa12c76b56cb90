//! The edits in the hands of another program: it takes those that it likes, and shows them with `similar`.
//!
//!   cargo run --example diff -- FILE ACCOUNT REGION
#![allow(clippy::print_stdout, reason = "the diff is what it is for")]

use std::error::Error;
use std::{env, fs};

use ecrewrite::{OfficialRoute, Policy, Registry, Rewriter, apply};
use similar::TextDiff;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [file, account, region] = arguments.as_slice() else { return Err("usage: FILE ACCOUNT REGION".into()) };
    let policy = Policy::new(Registry::new(Some(account), Some(region))?, Vec::new(), OfficialRoute::EcrPublic)?;
    print!("{}", diff(file, &fs::read_to_string(file)?, policy)?);
    Ok(())
}

/// The change of a file, but for images that are pinned by digest: those have to be pulled by their tag first.
pub fn diff(path: &str, text: &str, policy: Policy) -> Result<String, Box<dyn Error>> {
    let report = Rewriter::new(policy).check(path, text);
    let wanted = report.rewrites().filter(|(_, to, _)| !to.contains('@')).flat_map(|(_, _, fix)| &fix.edits);
    let new = apply(text, wanted)?;
    let diff = TextDiff::from_lines(text, &new);
    Ok(diff.unified_diff().context_radius(0).header(path, path).to_string())
}
