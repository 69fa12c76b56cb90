//! Terraform's language, laid out as `terraform fmt` leaves it.
//!
//! The formatter aligns the equal signs of arguments in lines that follow each other, as far as their values stand in
//! one line.

use std::fmt::Write;

/// What stands in a block or an object.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// An argument.
    Argument(String, Expr),
    /// A nested block.
    Block(String, Vec<Item>),
    /// An empty line.
    Gap,
}

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// As it stands: a reference, a number, a call in one line.
    Raw(String),
    /// A string, in which `${…}` is an interpolation.
    Text(String),
    List(Vec<Expr>),
    Object(Vec<Item>),
    Call(&'static str, Box<Expr>),
}

impl Expr {
    pub(super) fn raw(text: impl Into<String>) -> Expr {
        Expr::Raw(text.into())
    }

    pub(super) fn text(text: impl Into<String>) -> Expr {
        Expr::Text(text.into())
    }

    pub(super) fn texts(items: impl IntoIterator<Item = impl Into<String>>) -> Expr {
        Expr::List(items.into_iter().map(|item| Expr::Text(item.into())).collect())
    }

    /// `jsonencode(…)` of an object.
    pub(super) fn json(items: Vec<Item>) -> Expr {
        Expr::Call("jsonencode", Box::new(Expr::Object(items)))
    }

    /// A list of one text, or of one reference, stands in its line.
    fn is_one_line(&self) -> bool {
        match self {
            Expr::Raw(_) | Expr::Text(_) => true,
            Expr::List(items) => {
                items.is_empty() || (items.len() == 1 && matches!(items[0], Expr::Raw(_) | Expr::Text(_)))
            }
            Expr::Object(items) => items.is_empty(),
            Expr::Call(_, value) => value.is_one_line(),
        }
    }

    fn print(&self, depth: usize, out: &mut String) {
        let pad = "  ".repeat(depth);
        match self {
            Expr::Raw(text) => out.push_str(text),
            Expr::Text(text) => {
                let _ = write!(out, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            }
            Expr::List(items) if self.is_one_line() => {
                out.push('[');
                items.iter().for_each(|item| item.print(depth, out));
                out.push(']');
            }
            Expr::List(items) => {
                out.push_str("[\n");
                for item in items {
                    let _ = write!(out, "{pad}  ");
                    item.print(depth + 1, out);
                    out.push_str(",\n");
                }
                let _ = write!(out, "{pad}]");
            }
            Expr::Object(items) => {
                out.push_str("{\n");
                print_items(items, depth + 1, out);
                let _ = write!(out, "{pad}}}");
            }
            Expr::Call(function, value) => {
                let _ = write!(out, "{function}(");
                value.print(depth, out);
                out.push(')');
            }
        }
    }
}

/// An argument.
pub(super) fn argument(name: impl Into<String>, value: Expr) -> Item {
    Item::Argument(name.into(), value)
}

/// A block of the top level with the lines of a comment before it, and a final newline.
pub(super) fn block(comment: &[String], heading: &str, items: Vec<Item>) -> String {
    let mut out = String::new();
    for line in comment {
        let _ = writeln!(out, "# {line}");
    }
    let _ = writeln!(out, "{heading} {{");
    print_items(&items, 1, &mut out);
    out + "}\n"
}

fn print_items(items: &[Item], depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let short = |item: &Item| match item {
        Item::Argument(name, value) if value.is_one_line() => Some(name.len()),
        _ => None,
    };
    for (at, item) in items.iter().enumerate() {
        match item {
            Item::Argument(name, value) => {
                let width = short(item).map_or(name.len(), |_| {
                    let before = items[..at].iter().rev().map_while(short);
                    let after = items[at..].iter().map_while(short);
                    before.chain(after).max().unwrap_or_default()
                });
                let _ = write!(out, "{pad}{name:width$} = ");
                value.print(depth, out);
                out.push('\n');
            }
            Item::Block(heading, items) => {
                let _ = writeln!(out, "{pad}{heading} {{");
                print_items(items, depth + 1, out);
                let _ = writeln!(out, "{pad}}}");
            }
            Item::Gap => out.push('\n'),
        }
    }
}
