//! What is known of a place where an image is expected, before its text is looked at.

use super::{Caution, Certainty, SiteKind};
use crate::reason::Reason;
use crate::source::Span;

/// What a schema knows of a place before it looks at the text there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    pub(super) kind: SiteKind,
    pub(super) certainty: Certainty,
    pub(super) caution: Option<Caution>,
    pub(super) limit: Option<usize>,
    pub(super) names: Names,
    /// What keeps a reference without a host: a registry that stands beside it.
    pub(super) hostless: Option<Caution>,
    /// The credentials for the old registry that stand beside the image.
    pub(super) credentials: Option<Span>,
}

/// Whether the name of a value may say that it is an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// It may: a variable, a module's input.
    Trusted,
    /// It may not: an argument of a resource, whose meaning is the resource's.
    Ignored,
}

impl Claim {
    pub(super) fn certain(kind: SiteKind) -> Self {
        let (caution, limit, hostless, credentials) = (None, None, None, None);
        Claim { kind, certainty: Certainty::Certain, caution, limit, names: Names::Trusted, hostless, credentials }
    }

    pub(super) fn with_certainty(self, certainty: Certainty) -> Self {
        Claim { certainty, ..self }
    }

    /// With credentials for the old registry beside the image.
    pub(super) fn with_credentials(self, credentials: Option<Span>) -> Self {
        let caution = credentials.map(|_| Caution::on_request(Reason::PullCredentials));
        Claim { credentials: credentials.or(self.credentials), ..self.with_caution(caution) }
    }

    /// One claim for several uses of a value: whatever keeps one keeps the value.
    pub(super) fn strictest(claims: impl IntoIterator<Item = Claim>) -> Self {
        let mut claims = claims.into_iter();
        let first = claims.next().unwrap_or(Claim::certain(SiteKind::CloudFormation));
        claims.fold(first, |strictest, claim| Claim {
            limit: strictest.limit.into_iter().chain(claim.limit).min(),
            // Credentials that stand beside one use only do not go with the value.
            credentials: strictest.credentials.filter(|own| claim.credentials.is_none_or(|other| other == *own)),
            ..strictest.with_caution(claim.caution)
        })
    }

    /// With one more caution: of two the stricter holds, of two as strict the later, which is nearer to the image.
    pub(super) fn with_caution(self, caution: Option<Caution>) -> Self {
        let own = self.caution.map(|own| own.applicability);
        let caution = caution.filter(|new| own.is_none_or(|own| new.applicability <= own));
        Claim { caution: caution.or(self.caution), ..self }
    }
}
