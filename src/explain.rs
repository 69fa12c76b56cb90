//! `explain`: one reference at a time, step by step.

use std::io::Write;

use ecrewrite::Rewriter;
use ecrewrite::report::Status;

use crate::Failure;
use crate::args::ExplainArgs;
use crate::output::stdout;
use crate::settings::Settings;

/// Explains each reference; one that is none makes the run a misuse, and the others are explained all the same.
pub(crate) fn run(args: &ExplainArgs) -> Result<Status, Failure> {
    let settings = Settings::resolve(&args.policy, &[], std::path::Path::new("."))?;
    let rewriter = Rewriter::new(settings.policies.base);
    let mut out = stdout(args.color);
    let mut status = Status::Clean;
    for (index, text) in args.references.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{text}")?;
        match rewriter.explain(text) {
            Ok(explanation) => {
                for step in explanation.steps() {
                    writeln!(out, "  {:12}{}", step.name, step.text)?;
                }
            }
            Err(error) => {
                writeln!(out, "  {:12}this is not an image reference: {error}", "invalid")?;
                status = Status::Broken;
            }
        }
    }
    out.flush()?;
    Ok(status)
}
