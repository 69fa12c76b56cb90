//! How loudly a finding is told where many tools speak at once: in the margin of a pull request, in an editor, in a list
//! of alerts.

use super::Tense;
use super::plain::{plain, short};
use crate::finding::{Finding, Outcome};
use crate::reason::Reason;

/// The id of the rule that references break which would be rewritten.
pub const UNCACHED: &str = "uncached";

/// How loudly a finding is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// The reference would be rewritten.
    Warning,
    /// It stays, and somebody can do something about it.
    Note,
}

/// How loudly a finding is told; `None` if not at all. What is rewritten already is no matter of warning any longer.
pub fn of(finding: &Finding, tense: Tense) -> Option<Level> {
    match (&finding.outcome, tense) {
        (Outcome::Rewrite { .. }, Tense::Would) => Some(Level::Warning),
        (Outcome::Rewrite { .. }, Tense::Done) | (Outcome::Cached { .. }, _) => None,
        (Outcome::Left(reason), _) => asks_for_action(*reason).then_some(Level::Note),
    }
}

/// The id of the rule that a finding breaks: as SARIF lists it.
pub fn rule(finding: &Finding) -> &'static str {
    match &finding.outcome {
        Outcome::Rewrite { .. } | Outcome::Cached { .. } => UNCACHED,
        Outcome::Left(reason) => reason.id(),
    }
}

/// What is said of a finding, a line for each thing to know.
pub fn message(finding: &Finding) -> String {
    let reference = short(&finding.reference);
    let reference = plain(&reference);
    let mut message = match &finding.outcome {
        Outcome::Rewrite { to, .. } => format!("{reference} → {}", plain(&short(to))),
        Outcome::Cached { rule } => format!("{reference}: cached already, through the rule {}", plain(rule)),
        Outcome::Left(reason) => format!("{reference}: {}", reason.sentence()),
    };
    for note in &finding.notes {
        message.push('\n');
        message.push_str(note.sentence());
    }
    message
}

/// Whether what stays for this reason asks somebody to do something: give a rule or a flag, or change what stands there.
/// What is right as it is, what was decided on purpose, and what another message tells already, does not.
pub fn asks_for_action(reason: Reason) -> bool {
    match reason {
        Reason::NoRule
        | Reason::NotMirrored
        | Reason::NameTooLong
        | Reason::ReferenceTooLong
        | Reason::NoRegistry
        | Reason::NotAReference
        | Reason::NotEditable
        | Reason::UnknownPlace
        | Reason::BareName
        | Reason::PullCredentials
        | Reason::NeedsMore
        | Reason::NoPullThrough
        | Reason::Generated
        | Reason::Validated
        | Reason::MatchKey
        | Reason::SharedValue
        | Reason::StagedAsset => true,
        // It is where it should be, or is no image that ECR could bring.
        Reason::PrivateEcr
        | Reason::Sentinel
        | Reason::LocalRegistry
        | Reason::UnsupportedRegistry
        | Reason::NotOfficial
        | Reason::Curated
        | Reason::UnsupportedRegion
        | Reason::BuildOutput
        | Reason::Chart
        | Reason::Upstream
        | Reason::OneWay => false,
        // Somebody decided so.
        Reason::OfficialOff | Reason::NeedsLogin | Reason::NotAsked | Reason::Ignored => false,
        // What decides stands elsewhere, and is judged there.
        Reason::NotLiteral | Reason::Incomplete | Reason::Matched | Reason::Overridden => false,
        // An error says so.
        Reason::NotVerified
        | Reason::Unwritable
        | Reason::ChangedMeanwhile
        | Reason::Unstaged
        | Reason::AllOrNothing
        | Reason::Assembly => false,
        // Whole files.
        Reason::Template
        | Reason::JsonComments
        | Reason::TooLarge
        | Reason::OutsideLink
        | Reason::IgnoredFolder
        | Reason::Picture => false,
    }
}
