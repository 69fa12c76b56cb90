//! `--baseline`: findings of an earlier report, which are accepted and no longer shown.

use std::collections::HashMap;
use std::path::Path;

use ecrewrite::report::Report;
use ecrewrite::system::said;
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
    let text =
        ecrewrite::content::named_text(path).map_err(|error| format!("{shown}: cannot be read: {}", said(&error)))?;
    let baseline: Baseline = serde_json::from_str(&text).map_err(|error| {
        format!("{shown}: not a report: {error}\n  `ecrewrite check --format json > {shown}` writes one")
    })?;
    if baseline.version != 1 {
        return Err(format!(
            "{shown}: version {} of the report is not known here: report again with this version of ecrewrite",
            baseline.version
        ));
    }
    let mut accepted: HashMap<Accepted, usize> = HashMap::new();
    for finding in baseline.findings {
        *accepted.entry(finding).or_default() += 1;
    }
    for file in &mut report.files {
        file.retain(|file, finding| {
            let key = Accepted {
                file: file.path.clone(),
                place: finding.place.clone(),
                reference: finding.reference.clone(),
            };
            let left = accepted.get_mut(&key).filter(|left| **left > 0);
            let is_new = left.is_none();
            left.into_iter().for_each(|left| *left -= 1);
            report.accepted += usize::from(!is_new);
            is_new
        });
    }
    Ok(())
}
