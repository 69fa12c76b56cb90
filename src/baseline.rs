//! `--baseline`: findings of an earlier report, which are accepted and no longer shown.

use std::collections::HashMap;
use std::path::Path;

use ecrewrite::report::Report;
use serde::Deserialize;

/// What is read of an earlier report.
#[derive(Deserialize)]
struct Baseline {
    version: u32,
    findings: Vec<Accepted>,
}

/// A finding as a report of any later run has it, wherever it has moved to in its file.
#[derive(Deserialize, PartialEq, Eq, Hash)]
struct Accepted {
    file: String,
    place: String,
    reference: String,
}

/// Takes out of a report what stands in an earlier one, each as often as it stands there.
pub(crate) fn apply(report: &mut Report, path: &Path) -> Result<(), String> {
    let shown = ecrewrite::source::display(path);
    let text = std::fs::read_to_string(path).map_err(|error| format!("{shown}: cannot be read: {error}"))?;
    let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
        format!("{shown}: not a report: {error}\n  `ecrewrite check --format json > {shown}` writes one")
    })?;
    if baseline.version != 1 {
        return Err(format!("{shown}: version {} of the report is not known here", baseline.version));
    }
    let mut accepted: HashMap<Accepted, usize> = HashMap::new();
    for finding in baseline.findings {
        *accepted.entry(finding).or_default() += 1;
    }
    for file in &mut report.files {
        let path = &file.report.path;
        let is_accepted = file.report.findings.iter().map(|finding| {
            let key =
                Accepted { file: path.clone(), place: finding.place.clone(), reference: finding.reference.clone() };
            let left = accepted.get_mut(&key).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_some()
        });
        let is_accepted: Vec<bool> = is_accepted.collect();
        report.accepted += is_accepted.iter().filter(|is_accepted| **is_accepted).count();
        keep(&mut file.report.findings, &is_accepted);
        keep(&mut file.places, &is_accepted);
        keep(&mut file.credentials, &is_accepted);
    }
    Ok(())
}

/// Keeps what is not accepted.
fn keep<T>(all: &mut Vec<T>, is_accepted: &[bool]) {
    let mut is_accepted = is_accepted.iter();
    all.retain(|_| is_accepted.next().is_none_or(|is_accepted| !is_accepted));
}
