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

    /// Whether they can.
    pub fn matches(&self, bytes: &[u8]) -> bool {
        is_utf16(bytes) || self.0.is_match(bytes)
    }
}

/// Text in two-byte units would pass every byte search unseen.
fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff])
}
