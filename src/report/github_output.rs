//! What a step of a workflow says to the next: `name=value` lines for the file `GITHUB_OUTPUT`.

use super::Report;

/// The sums of the report, one a line.
pub fn print(report: &Report) -> String {
    let counts = report.counts();
    format!(
        "found={}\ncount={}\nleft={}\ncached={}\nerrors={}\n",
        counts.rewrite > 0,
        counts.rewrite,
        counts.left_total(),
        counts.cached,
        report.errors.len()
    )
}
