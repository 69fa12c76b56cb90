//! Which bytes can hold a reference.

use aho_corasick::{AhoCorasick, MatchKind};

/// Whether bytes can hold a reference: a byte search that spares the rest of the work.
#[derive(Debug)]
pub struct Prefilter(AhoCorasick);

impl Prefilter {
    /// Looks for the word image, for the places that are not named so, for private registries, and for these hosts.
    pub fn new<'h>(hosts: impl IntoIterator<Item = &'h str>) -> Self {
        let needles = ["mage", "EcrUri", "ontainerUri", "ontainer_uri", "RoboMaker", ".dkr"].into_iter().chain(hosts);
        // Where a match begins does not matter, but only this kind searches many bytes at once.
        let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(needles);
        #[expect(clippy::expect_used, reason = "a few short words are no automaton too large")]
        Prefilter(built.expect("a few short words are no automaton too large"))
    }

    /// Whether they can. Text in units of two bytes would pass every byte search unseen.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        let letters = || bytes.iter().copied().filter(|byte| *byte != 0).collect::<Vec<u8>>();
        self.0.is_match(bytes) || is_utf16(bytes) && self.0.is_match(&letters())
    }
}

/// Whether bytes are text in units of two bytes: by their mark, or because they begin with letters and every other byte
/// is zero.
pub(super) fn is_utf16(bytes: &[u8]) -> bool {
    let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    let first = &bytes[..bytes.len().min(8)];
    let is_zero = |odd: usize| first.iter().enumerate().all(|(at, byte)| (*byte == 0) == (at % 2 == odd));
    has_mark || first.len() > 3 && (is_zero(0) || is_zero(1))
}
