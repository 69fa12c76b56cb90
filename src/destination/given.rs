//! Whether what a user gives is an expression of its language.

pub(super) fn pairs(text: &str, open: char, close: char) -> bool {
    text.matches(open).count() == text.matches(close).count()
}

/// Whether a text is a host in which at least one part is filled in, each of which has to be `good`.
pub(super) fn is_template(text: &str, open: &str, close: &str, good: impl Fn(&str) -> bool) -> bool {
    let is_of_host = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || "._-:".contains(c));
    let mut rest = text;
    let mut filled_in = 0;
    while let Some((before, after)) = rest.split_once(open) {
        let Some(end) = end_of_part(after, close) else { return false };
        let inner = &after[..end];
        if !is_of_host(before) || inner.trim().is_empty() || !good(inner) {
            return false;
        }
        filled_in += 1;
        rest = &after[end + close.len()..];
    }
    filled_in > 0 && is_of_host(rest)
}

/// Where what ends a part is, outside of its quotes and of brackets of its own.
fn end_of_part(text: &str, close: &str) -> Option<usize> {
    let mut quote = None;
    let mut depth = 0usize;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), _) => quote = Some(open).filter(|open| *open != c),
            (None, '"' | '`') => quote = Some(c),
            _ if depth == 0 && text[at..].starts_with(close) => return Some(at),
            (None, '{') => depth += 1,
            (None, '}') => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

/// Whether a text names a value of Terraform, or calls a function: a host would be a text of its own.
pub(super) fn is_terraform_value(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-').unwrap_or(text.len());
    let (root, rest) = text.split_at(end);
    let is_name = root.starts_with(|c: char| c.is_ascii_alphabetic());
    // The types of resources begin with their provider's name.
    let is_space = matches!(root, "local" | "var" | "module" | "data" | "each") || root.contains('_');
    is_name
        && pairs(text, '{', '}')
        && match rest.chars().next() {
            Some('(') => text.ends_with([')', ']']),
            Some('.') => is_space && rest.len() > 1,
            _ => false,
        }
}

/// Whether what stands between the brackets of an action of Helm gives text, and touches nothing around it.
pub(super) fn is_action(inner: &str) -> bool {
    const DIRECTING: [&str; 9] = ["if", "else", "end", "range", "with", "define", "block", "break", "continue"];
    let word = inner.split_whitespace().next().unwrap_or_default();
    !DIRECTING.contains(&word) && !inner.starts_with(['-', '/']) && !inner.contains(":=")
}

/// Whether what stands between the brackets of a template of TypeScript can do so anywhere.
pub(super) fn is_typescript_value(inner: &str) -> bool {
    !["`", "\\", "//", "/*"].iter().any(|sign| inner.contains(sign)) && inner.matches('\'').count().is_multiple_of(2)
}

/// The same of Python: without what older versions refuse there, and without what is an escape or says how to print.
pub(super) fn is_python_value(inner: &str) -> bool {
    !inner.contains(['\\', '#', '!', ':', '='])
        && !inner.starts_with('{')
        && inner.matches('\'').count().is_multiple_of(2)
}
