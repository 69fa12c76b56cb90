//! A file as it was read: its path, its exact text, and places in it.
//!
//! Everything else speaks of a file in byte ranges of this text. Lines and columns exist only when somebody asks.

use std::fmt;
use std::ops::Range;
use std::path::{Component, Path};

/// The byte order mark that may stand before the text of a file.
pub(crate) const BOM: &str = "\u{feff}";

/// A half-open range of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end, "a span runs forwards: {start}..{end}");
        Span { start, end }
    }

    /// The same bytes as a standard range, for slicing.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// How many bytes it holds.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it holds no byte.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// A place for people: line and column, both from 1. The column counts characters, not bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A file: the path it is known by and its exact text.
///
/// The path decides which format the text is read as; nothing is opened by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    path: String,
    text: String,
}

impl Source {
    /// A file with this path (with `/` between its parts) and this text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Source { path: path.into(), text: text.into() }
    }

    /// The path, as reports show it.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The exact text, with its byte order mark and line ends.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text, without the path.
    pub fn into_text(self) -> String {
        self.text
    }

    /// How many bytes at the start are a byte order mark: 0 or 3.
    #[doc(hidden)]
    pub fn bom_len(&self) -> usize {
        if self.text.starts_with(BOM) { BOM.len() } else { 0 }
    }

    /// Line and column of a byte. A byte order mark is not a column.
    ///
    /// Walks the text up to the byte: for many places of one file use [`Source::positions`].
    pub fn position(&self, offset: usize) -> Position {
        self.positions().at(offset)
    }

    /// The index of lines that answers many questions about places.
    pub fn positions(&self) -> Positions<'_> {
        let starts = std::iter::once(self.bom_len())
            .chain(self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1))
            .collect();
        let mut characters = vec![0];
        for chunk in self.text.as_bytes().chunks(STRIDE) {
            let before = characters.last().copied().unwrap_or(0);
            characters.push(before + chunk.iter().filter(|byte| starts_character(**byte)).count());
        }
        Positions { text: &self.text, starts, characters }
    }
}

/// How many bytes apart characters are counted, so that a place in a long line is found without counting all of it.
const STRIDE: usize = 1024;

/// Whether a byte of UTF-8 is the first of a character.
fn starts_character(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

/// Where the lines of a [`Source`] start.
#[derive(Debug, Clone)]
pub struct Positions<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How many characters stand before each multiple of [`STRIDE`].
    characters: Vec<usize>,
}

impl Positions<'_> {
    /// Line and column of a byte; one past the end is the place after the last character.
    pub fn at(&self, offset: usize) -> Position {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1].min(offset);
        Position { line, column: self.characters_before(offset) - self.characters_before(start) + 1 }
    }

    /// The column of a byte for those who count bytes, from 1; for them a byte order mark is three of the first line.
    #[doc(hidden)]
    pub fn byte_column(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = if line == 1 { 0 } else { self.starts[line - 1] };
        offset - start + 1
    }

    fn characters_before(&self, offset: usize) -> usize {
        let chunk = offset / STRIDE;
        let rest = &self.text.as_bytes()[chunk * STRIDE..offset];
        self.characters[chunk] + rest.iter().filter(|byte| starts_character(**byte)).count()
    }
}

/// A path as reports show it: with `/` between its parts and without a leading `./`.
pub fn display(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .filter(|part| !matches!(part, Component::CurDir))
        .map(|part| match part {
            Component::RootDir => String::new(),
            part => part.as_os_str().to_string_lossy().into_owned(),
        })
        .collect();
    match parts.as_slice() {
        [] => ".".to_owned(),
        [root] if root.is_empty() => "/".to_owned(),
        parts => parts.join("/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_long_lines_count_every_character() {
        for length in [STRIDE - 1, STRIDE, STRIDE + 1, 3 * STRIDE] {
            let source = Source::new("a.json", "é".repeat(length));
            let positions = source.positions();
            for character in [0, 1, length / 2, length - 1, length] {
                assert_eq!(positions.at(character * 2), Position { line: 1, column: character + 1 });
            }
        }
    }

    #[test]
    fn columns_of_bytes_count_every_byte() {
        let source = Source::new("a.yaml", "\u{feff}é: x\né: y");
        let positions = source.positions();
        assert_eq!([0, 3, 7, 8, 9, 13, 99].map(|at| positions.byte_column(at)), [1, 4, 8, 9, 1, 5, 6]);
    }

    #[test]
    fn columns_count_characters_and_no_byte_order_mark() {
        let source = Source::new("a.yaml", "\u{feff}é: x\nnginx");
        assert_eq!(source.position(3), Position { line: 1, column: 1 });
        assert_eq!(source.position(7), Position { line: 1, column: 4 });
        assert_eq!(source.position(9), Position { line: 2, column: 1 });
        assert_eq!(source.position(99), Position { line: 2, column: 6 });
    }
}
