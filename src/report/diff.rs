//! The unified diff of a change, as `git apply` and `patch` take it.

use similar::TextDiff;

/// The difference between two texts of one file.
pub fn unified(path: &str, old: &str, new: &str) -> String {
    let name = path.trim_start_matches('/');
    TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string()
}
