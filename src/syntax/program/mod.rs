//! Programs, as far as they say values: calls, objects, lists, texts, names.
//!
//! A program becomes two nodes in a list. The first is computed of all that the program says, in its order; the second of
//! each place that says a name which the program gives a value. What is no value of JSON is a call:
//!
//! | in the program | the call, and its arguments |
//! |---|---|
//! | `f(a, b)`, `new F(a)`, `F{…}` | `f`; the arguments, and behind them a mapping of those that have names |
//! | `a.f(…).g(…)` | computed of the calls, from the first on: `a.f`, `.g` |
//! | `const N = v` | `=`; the name, the value. Where other files see the name, `export =` |
//! | `n = v` where `n` is declared before | `:=`; the name, the value |
//! | `(n = v) =>`, `{ n = v }` | `?=`; the name, the value unless there is another |
//! | a part of a class with a value | `.=` or `export .=`; its name, the value |
//! | a function, a class, an enum | `{`, `class {`, `enum {`; its name, what is in it |
//! | a function without a name, a block | `=>`; what is in it |
//! | what is taken from elsewhere | `import`; the module |

#[cfg(feature = "cdk-source-csharp")]
mod csharp;
mod go;
mod java;
mod literal;
mod names;
mod outline;
mod python;
mod shape;
mod text;
mod typescript;

use std::borrow::Cow;
use std::collections::HashSet;

use tree_sitter::{Node as Syntax, Parser, Tree};

use super::{Call, Entry, Fragment, Hole, HoleKind, Kind, Language, Node, Placement, Scalar, Style, SyntaxError};
use crate::source::Span;
pub(crate) use literal::Literals;
pub(crate) use outline::{CallSite, Class, Import, Outline, outline};
use shape::{Called, Pair, Seen, Shape, children};

/// How deep calls, objects and lists may nest in each other before a program is refused. What a program writes one after the
/// other, such as calls of calls and sums, does not count.
const DEPTH_MAX: usize = 64;

/// How deep brackets may nest before a text is refused unread.
const BRACKETS_MAX: usize = 500;

/// What texts without escapes stand between.
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// Reads a program.
pub(super) fn parse<'a>(language: Language, fragment: &Fragment<'a>) -> Result<Node<'a>, SyntaxError> {
    let tree = tree(language, fragment)?;
    let reader = Reader::new(language, fragment);
    let root = tree.root_node();
    let mut bound = HashSet::new();
    let said = reader.parts(root, 0, &mut bound)?;
    let names = reader.names(&tree, &bound);
    let span = reader.span(root);
    let computed = |nodes: Vec<Node<'a>>| Node::new(span, Kind::Computed(nodes.into()));
    Ok(Node::new(span, Kind::Sequence([computed(said), computed(names)].into())))
}

/// The tree of a program, if it is one in its language.
fn tree(language: Language, fragment: &Fragment<'_>) -> Result<Tree, SyntaxError> {
    let (grammar, name) = match language {
        Language::TypeScript => (tree_sitter_typescript::LANGUAGE_TYPESCRIPT, "TypeScript"),
        Language::Tsx => (tree_sitter_typescript::LANGUAGE_TSX, "TypeScript or JavaScript"),
        Language::Python => (tree_sitter_python::LANGUAGE, "Python"),
        Language::Java => (tree_sitter_java::LANGUAGE, "Java"),
        #[cfg(feature = "cdk-source-csharp")]
        Language::CSharp => (tree_sitter_c_sharp::LANGUAGE, "C#"),
        _ => (tree_sitter_go::LANGUAGE, "Go"),
    };
    if let Some(at) = nested_too_deep(fragment.text) {
        return Err(SyntaxError::new(fragment.base + at, "the nesting is too deep"));
    }
    let mut parser = Parser::new();
    let parsed = parser.set_language(&grammar.into()).ok().and_then(|()| parser.parse(fragment.text, None));
    let tree = parsed.ok_or_else(|| SyntaxError::new(fragment.base, format!("not valid {name}")))?;
    match first_error(tree.root_node()) {
        Some(at) => Err(SyntaxError::new(fragment.base + at, format!("not valid {name}"))),
        None => Ok(tree),
    }
}

/// Where brackets nest deeper than anybody writes them: where one may open different things, the parser tries all of them.
/// What is in quotes does not count, up to the end of a line.
fn nested_too_deep(text: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0usize, None);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if byte == open || byte == b'\n' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > BRACKETS_MAX {
            return Some(at);
        }
    }
    None
}

/// Where the first part is that does not belong to the language.
fn first_error(root: Syntax<'_>) -> Option<usize> {
    let mut node = root.has_error().then_some(root)?;
    while !node.is_error() && !node.is_missing() {
        let mut cursor = node.walk();
        let Some(wrong) = node.children(&mut cursor).find(|child| child.has_error()) else { break };
        node = wrong;
    }
    Some(node.start_byte())
}

/// Whether a text could be a name, in one of the languages.
fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$' | '#'))
}

struct Reader<'a> {
    language: Language,
    text: &'a str,
    base: usize,
    /// Whether functions give names values that are not their own.
    has_globals: bool,
}

fn call<'a>(name: &str, arguments: Vec<Node<'a>>) -> Kind<'a> {
    Kind::Call(Box::new(Call { name: name.to_owned(), arguments: arguments.into() }))
}

/// The names that a program gives values.
type Bound<'a> = HashSet<&'a str>;

impl<'a> Reader<'a> {
    fn new(language: Language, fragment: &Fragment<'a>) -> Self {
        let text = fragment.text;
        let says = |word: &str| language == Language::Python && text.contains(word);
        Reader { language, text, base: fragment.base, has_globals: says("global ") || says("nonlocal ") }
    }

    fn shape<'t>(&self, node: Syntax<'t>) -> Shape<'t> {
        let shape = match self.language {
            Language::Python => python::shape(node, self.text),
            Language::Java => java::shape(node, self.text),
            #[cfg(feature = "cdk-source-csharp")]
            Language::CSharp => csharp::shape(node, self.text),
            Language::Go => go::shape(node, self.text),
            _ => typescript::shape(node),
        };
        match shape {
            // Any text may be a key; one that is no word may be a reference.
            Shape::Member(_, name) if !is_word(self.slice(name).trim_matches(QUOTES)) => Shape::Parts,
            Shape::Binding(name, ..) | Shape::Assigned(name, _)
                if self.slice(name).contains(QUOTES) && !self.is_path(name) =>
            {
                Shape::Parts
            }
            Shape::Binding(name, value, Seen::Here) if self.has_globals => Shape::Assigned(name, value),
            shape => shape,
        }
    }

    fn span(&self, node: Syntax<'_>) -> Span {
        Span::new(self.base + node.start_byte(), self.base + node.end_byte())
    }

    fn slice(&self, node: Syntax<'_>) -> &'a str {
        &self.text[node.byte_range()]
    }

    /// A part of a program; `None` if it says no value.
    fn node(&self, node: Syntax<'_>, depth: usize, bound: &mut Bound<'a>) -> Result<Option<Node<'a>>, SyntaxError> {
        if depth > DEPTH_MAX {
            return Err(SyntaxError::new(self.base + node.start_byte(), "the nesting is too deep"));
        }
        let depth = depth + 1;
        let span = self.span(node);
        let kind = match self.shape(node) {
            Shape::Nothing => return Ok(None),
            Shape::Text(opening, closing) => Kind::Scalar(self.scalar(node, opening, closing)),
            Shape::Joined(operands) => Kind::Scalar(self.joined(node, operands)),
            Shape::Mapping(pairs) => Kind::Mapping(self.entries(&pairs, depth, bound)?.into()),
            Shape::Sequence(elements) => Kind::Sequence(self.nodes(elements, depth, bound)?.into()),
            Shape::Choice(arms) => Kind::Choice(self.nodes(arms, depth, bound)?.into()),
            Shape::Call(called) => return self.call(node, called, depth, bound).map(Some),
            Shape::Member(..) if !self.is_path(node) => Kind::Computed(self.parts(node, depth, bound)?.into()),
            Shape::Name | Shape::Member(..) => Kind::Reference(self.slice(node)),
            Shape::Constant => {
                let placement = Placement::verbatim(span, span.start, Style::Plain, None);
                Kind::Scalar(Scalar::new(self.slice(node), Vec::new(), placement))
            }
            Shape::Same(_) => return self.node(self.unwrapped(node), depth, bound),
            Shape::Binding(name, value, Seen::Here) => self.binding("=", name, value, depth, bound)?,
            Shape::Binding(name, value, Seen::Elsewhere) => self.binding("export =", name, value, depth, bound)?,
            Shape::Field(name, value, Seen::Here) => self.binding(".=", name, value, depth, bound)?,
            Shape::Field(name, value, Seen::Elsewhere) => self.binding("export .=", name, value, depth, bound)?,
            Shape::Default(name, value) => self.binding("?=", name, value, depth, bound)?,
            Shape::Assigned(name, value) => self.binding(":=", name, value, depth, bound)?,
            Shape::Scope => call("=>", self.parts(node, depth, bound)?),
            Shape::Block(name) => self.block("{", name, node, depth, bound)?,
            Shape::Class(name) => self.block("class {", name, node, depth, bound)?,
            Shape::Enum(name) => {
                bound.insert(self.slice(name));
                self.block("enum {", name, node, depth, bound)?
            }
            Shape::Import(module) => {
                let text = self.slice(module).trim_matches(QUOTES);
                call("import", vec![Node::new(self.span(module), Kind::Reference(text))])
            }
            Shape::Parts => Kind::Computed(self.parts(node, depth, bound)?.into()),
        };
        Ok(Some(Node::new(span, kind)))
    }

    /// What has a name and names of its own.
    fn block(
        &self,
        sign: &str,
        name: Syntax<'_>,
        node: Syntax<'_>,
        depth: usize,
        bound: &mut Bound<'a>,
    ) -> Result<Kind<'a>, SyntaxError> {
        let mut parts = vec![Node::new(self.span(name), Kind::Reference(self.slice(name)))];
        parts.append(&mut self.parts(node, depth, bound)?);
        Ok(call(sign, parts))
    }

    /// A name that is given a value.
    fn binding(
        &self,
        sign: &str,
        name: Syntax<'_>,
        value: Syntax<'_>,
        depth: usize,
        bound: &mut Bound<'a>,
    ) -> Result<Kind<'a>, SyntaxError> {
        let text = self.slice(name);
        bound.insert(text.rsplit('.').next().unwrap_or(text));
        let name = Node::new(self.span(name), Kind::Reference(text));
        let value = self.node(value, depth, bound)?;
        Ok(call(sign, [name].into_iter().chain(value).collect()))
    }

    /// Each of these; one that says nothing keeps its place.
    fn nodes(&self, all: Vec<Syntax<'_>>, depth: usize, bound: &mut Bound<'a>) -> Result<Vec<Node<'a>>, SyntaxError> {
        let empty = |node: Syntax<'_>| Node::new(self.span(node), Kind::Computed(Box::default()));
        all.into_iter().map(|node| Ok(self.node(node, depth, bound)?.unwrap_or_else(|| empty(node)))).collect()
    }

    fn entries(&self, pairs: &[Pair<'_>], depth: usize, bound: &mut Bound<'a>) -> Result<Vec<Entry<'a>>, SyntaxError> {
        let mut entries = Vec::new();
        for pair in pairs {
            if let Some(value) = self.node(pair.value, depth, bound)? {
                entries.push(Entry { key: self.key(pair.key), value });
            }
        }
        Ok(entries)
    }

    fn key(&self, key: Syntax<'_>) -> Cow<'a, str> {
        match self.shape(key) {
            Shape::Text(opening, closing) => self.scalar(key, opening, closing).into_value(),
            Shape::Name => Cow::Borrowed(self.slice(key)),
            _ if key.child_count() == 0 => Cow::Borrowed(self.slice(key)),
            _ => Cow::Borrowed(""),
        }
    }

    /// What is in a part that says no value itself, whatever lies between.
    fn parts(&self, node: Syntax<'_>, depth: usize, bound: &mut Bound<'a>) -> Result<Vec<Node<'a>>, SyntaxError> {
        let mut found = Vec::new();
        let mut open = children(node);
        open.reverse();
        while let Some(node) = open.pop() {
            match self.shape(node) {
                Shape::Parts => {
                    let from = open.len();
                    open.append(&mut children(node));
                    open[from..].reverse();
                }
                _ => found.extend(self.node(node, depth, bound)?),
            }
        }
        Ok(found)
    }

    /// The same without what is only another way to write it.
    fn unwrapped<'t>(&self, mut node: Syntax<'t>) -> Syntax<'t> {
        while let Shape::Same(inner) = self.shape(node) {
            node = inner;
        }
        node
    }

    /// Whether a node is made of names only: `a.b.c`.
    fn is_path(&self, mut node: Syntax<'_>) -> bool {
        while let Shape::Member(object, _) = self.shape(node) {
            node = self.unwrapped(object);
        }
        matches!(self.shape(node), Shape::Name)
    }

    /// A call, and those whose values it goes on with.
    fn call(
        &self,
        node: Syntax<'_>,
        called: Called<'_>,
        depth: usize,
        bound: &mut Bound<'a>,
    ) -> Result<Node<'a>, SyntaxError> {
        let mut chain = Vec::new();
        let mut before = None;
        let mut next = Some((node, called));
        while let Some((node, called)) = next.take() {
            let receiver = called.receiver.map(|receiver| self.unwrapped(receiver));
            let of_path = receiver.is_none_or(|receiver| self.is_path(receiver));
            let mut name = receiver.filter(|_| of_path).map_or(String::new(), |receiver| self.path(receiver));
            if called.receiver.is_some() && called.name.is_some() {
                name.push('.');
            }
            name.push_str(called.name.map_or("", |name| self.slice(name).trim_matches(QUOTES)));
            if let Some(receiver) = receiver.filter(|_| !of_path) {
                // What is called may be a part of what another call gives.
                let mut inner = receiver;
                while let Shape::Member(object, _) = self.shape(inner) {
                    inner = self.unwrapped(object);
                }
                match self.shape(inner) {
                    Shape::Call(called) => next = Some((inner, called)),
                    _ => before = Some(inner),
                }
            }
            chain.push((node, name, called.arguments, called.keywords));
        }
        chain.reverse();
        if let Some(made) = self.built(node, &chain, depth, bound)? {
            return Ok(made);
        }
        let mut calls = Vec::new();
        if let Some(before) = before {
            calls.extend(self.node(before, depth, bound)?);
        }
        for (node, name, arguments, keywords) in chain {
            let arguments = self.arguments(node, arguments, &keywords, depth, bound)?;
            calls.push(Node::new(self.span(node), call(&name, arguments)));
        }
        match calls.len() {
            1 => Ok(calls.remove(0)),
            _ => Ok(Node::new(self.span(node), Kind::Computed(calls.into()))),
        }
    }

    fn arguments(
        &self,
        node: Syntax<'_>,
        arguments: Vec<Syntax<'_>>,
        keywords: &[Pair<'_>],
        depth: usize,
        bound: &mut Bound<'a>,
    ) -> Result<Vec<Node<'a>>, SyntaxError> {
        let mut nodes = self.nodes(arguments, depth, bound)?;
        if !keywords.is_empty() {
            let entries = self.entries(keywords, depth, bound)?;
            nodes.push(Node::new(self.span(node), Kind::Mapping(entries.into())));
        }
        Ok(nodes)
    }

    /// What Java's builders make: `A.builder().b(c).build()` is `A` with an argument `b`.
    fn built(
        &self,
        node: Syntax<'_>,
        chain: &[(Syntax<'_>, String, Vec<Syntax<'_>>, Vec<Pair<'_>>)],
        depth: usize,
        bound: &mut Bound<'a>,
    ) -> Result<Option<Node<'a>>, SyntaxError> {
        let Some((first, rest)) = chain.split_first().filter(|_| self.language == Language::Java) else {
            return Ok(None);
        };
        let made = [".builder", ".Builder.create"].iter().find_map(|end| first.1.strip_suffix(end));
        let Some(made) = made else { return Ok(None) };
        let mut arguments = self.nodes(first.2.clone(), depth, bound)?;
        let mut entries = Vec::new();
        for (call, name, given, _) in rest.iter().filter(|call| call.1 != ".build") {
            let value = match given.as_slice() {
                [one] => self.nodes(vec![*one], depth, bound)?.remove(0),
                several => {
                    Node::new(self.span(*call), Kind::Sequence(self.nodes(several.to_vec(), depth, bound)?.into()))
                }
            };
            let key = Cow::Owned(name.trim_start_matches('.').to_owned());
            entries.push(Entry { key, value });
        }
        arguments.push(Node::new(self.span(node), Kind::Mapping(entries.into())));
        Ok(Some(Node::new(self.span(node), call(made, arguments))))
    }

    /// Names with dots between them, as they are read: `a.b`.
    fn path(&self, mut node: Syntax<'_>) -> String {
        let mut names = Vec::new();
        while let Shape::Member(object, name) = self.shape(node) {
            names.push(self.slice(name).trim_matches(QUOTES));
            node = self.unwrapped(object);
        }
        names.push(self.slice(node));
        names.reverse();
        names.join(".")
    }

    /// Texts that become one, and what else is put between them.
    fn joined(&self, node: Syntax<'_>, operands: Vec<Syntax<'_>>) -> Scalar<'a> {
        let mut open = operands;
        open.reverse();
        let mut parts = Vec::new();
        while let Some(operand) = open.pop() {
            let operand = self.unwrapped(operand);
            parts.push(match self.shape(operand) {
                Shape::Joined(more) => {
                    open.extend(more.into_iter().rev());
                    continue;
                }
                Shape::Text(opening, closing) => self.scalar(operand, opening, closing),
                _ => {
                    let text = format!("${{{}}}", self.slice(operand));
                    let hole = Hole { range: 0..text.len(), kind: HoleKind::Value };
                    Scalar::new(text, vec![hole], Placement::unplaced(self.span(operand), None))
                }
            });
        }
        let parts: Vec<_> = parts.iter().map(|part| (Some(part), part.value())).collect();
        Scalar::concat(&parts, self.span(node))
    }
}
