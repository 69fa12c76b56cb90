//! Private ECR registries: the host of one's own, and every form in which such a host is written.
//!
//! Facts: the endpoint and partition tables of the AWS SDK, and the host patterns of the kubelet's ECR credential
//! provider.

use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// The private registry of an account in a region: where the cached images are pulled from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Registry {
    account: Option<String>,
    region: Option<String>,
}

/// Stands for the account where none is configured.
pub const ACCOUNT_PLACEHOLDER: &str = "<account>";
/// Stands for the region where none is configured.
pub const REGION_PLACEHOLDER: &str = "<region>";

impl Registry {
    /// The registry of this account (12 digits) in this region; what is not known yet is shown as a placeholder.
    ///
    /// # Errors
    ///
    /// [`RegistryError`] if the account is not 12 digits or the region does not look like one.
    pub fn new(account: Option<&str>, region: Option<&str>) -> Result<Self, RegistryError> {
        if let Some(account) = account
            && (account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()))
        {
            return Err(RegistryError::Account(account.to_owned()));
        }
        if let Some(region) = region
            && !REGION.is_match(region)
        {
            return Err(RegistryError::Region(region.to_owned()));
        }
        Ok(Registry { account: account.map(str::to_owned), region: region.map(str::to_owned) })
    }

    /// A registry of which nothing is known: both parts are placeholders.
    pub fn unknown() -> Self {
        Registry { account: None, region: None }
    }

    /// Whether both account and region are known, so that references to it can be written.
    pub fn is_known(&self) -> bool {
        self.account.is_some() && self.region.is_some()
    }

    /// The account, or a placeholder.
    pub fn account(&self) -> &str {
        self.account.as_deref().unwrap_or(ACCOUNT_PLACEHOLDER)
    }

    /// The region, or a placeholder.
    pub fn region(&self) -> &str {
        self.region.as_deref().unwrap_or(REGION_PLACEHOLDER)
    }

    /// The account, if it is known.
    pub fn known_account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The region, if it is known.
    pub fn known_region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The partition the region belongs to; `aws` where the region is not known.
    #[doc(hidden)]
    pub fn partition(&self) -> Partition {
        self.region.as_deref().map_or(Partition::Aws, Partition::of_region)
    }

    /// The host that images are pulled from, in its plain (not FIPS, not dual-stack) form.
    pub fn host(&self) -> String {
        format!("{}.dkr.ecr.{}.{}", self.account(), self.region(), self.partition().dns_suffix())
    }

    /// A host that is this registry, also where account or region is not known: what an expression for it may become.
    pub(crate) fn some_host(&self) -> String {
        let (account, region) = (self.account.as_deref(), self.region.as_deref());
        let suffix = self.partition().dns_suffix();
        format!("{}.dkr.ecr.{}.{suffix}", account.unwrap_or("000000000000"), region.unwrap_or("us-east-1"))
    }

    /// Whether a host is this registry, in whatever form. Where account or region is not known, any will do.
    #[doc(hidden)]
    pub fn is(&self, host: &EcrHost<'_>) -> bool {
        self.account.as_deref().is_none_or(|account| account == host.account)
            && self.region.as_deref().is_none_or(|region| region == host.region)
    }
}

/// Why an account or a region cannot be one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistryError {
    /// Not 12 digits.
    Account(String),
    /// Not of the form of a region's name.
    Region(String),
}

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RegistryError::Account(account) => {
                write!(f, "`{account}` is not an AWS account: 12 digits, for example 111122223333")
            }
            RegistryError::Region(region) => write!(f, "`{region}` is not an AWS region, for example eu-central-1"),
        }
    }
}

impl std::error::Error for RegistryError {}

/// A family of AWS regions with names of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Partition {
    /// The commercial regions.
    Aws,
    /// China.
    China,
    /// GovCloud.
    GovCloud,
    /// The European Sovereign Cloud.
    Europe,
    /// The isolated regions, by the name of their partition.
    Isolated(&'static str),
}

impl Partition {
    /// The partition of a region, by its name.
    pub fn of_region(region: &str) -> Self {
        match region {
            _ if region.starts_with("cn-") => Partition::China,
            _ if region.starts_with("us-gov-") => Partition::GovCloud,
            _ if region.starts_with("eusc-") => Partition::Europe,
            _ if region.starts_with("us-iso-") => Partition::Isolated("aws-iso"),
            _ if region.starts_with("us-isob-") => Partition::Isolated("aws-iso-b"),
            _ if region.starts_with("eu-isoe-") => Partition::Isolated("aws-iso-e"),
            _ if region.starts_with("us-isof-") => Partition::Isolated("aws-iso-f"),
            _ => Partition::Aws,
        }
    }

    /// Its name in an ARN.
    pub fn name(self) -> &'static str {
        match self {
            Partition::Aws => "aws",
            Partition::China => "aws-cn",
            Partition::GovCloud => "aws-us-gov",
            Partition::Europe => "aws-eusc",
            Partition::Isolated(name) => name,
        }
    }

    /// What the hosts of its registries end with.
    pub fn dns_suffix(self) -> &'static str {
        match self {
            Partition::Aws | Partition::GovCloud => "amazonaws.com",
            Partition::China => "amazonaws.com.cn",
            Partition::Europe => "amazonaws.eu",
            Partition::Isolated("aws-iso") => "c2s.ic.gov",
            Partition::Isolated("aws-iso-b") => "sc2s.sgov.gov",
            Partition::Isolated("aws-iso-e") => "cloud.adc-e.uk",
            Partition::Isolated(_) => "csp.hci.ic.gov",
        }
    }

    /// Whether ECR is known to offer pull-through cache rules there: documented as absent in China and GovCloud,
    /// not documented at all for the others.
    pub fn has_pull_through_cache(self) -> bool {
        self == Partition::Aws
    }
}

/// A host of somebody's private ECR registry, taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EcrHost<'a> {
    /// The account, 12 digits.
    pub account: &'a str,
    /// The region.
    pub region: &'a str,
}

impl<'a> EcrHost<'a> {
    /// Reads a complete host: plain, FIPS or dual-stack, of any partition.
    pub fn parse(host: &'a str) -> Option<Self> {
        let parts = HOST.captures(host)?;
        Some(EcrHost { account: parts.get(1)?.as_str(), region: parts.get(2)?.as_str() })
    }
}

/// Whether a text starts with what stands for a private ECR host, placeholders and variables included:
/// `<ACCOUNT>.dkr.ecr.<REGION>.amazonaws.com/app`, `${AWS::AccountId}.dkr.ecr.${AWS::Region}.${AWS::URLSuffix}/app`.
pub fn starts_like_ecr(text: &str) -> bool {
    LIKE.is_match(text)
}

static REGION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[a-z]{2,4}(-[a-z]+)+-[0-9]+$"));

static HOST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"^([0-9]{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.",
        r"(?:amazonaws\.com(?:\.cn)?|amazonaws\.eu|on\.aws|on\.amazonwebservices\.(?:com\.cn|eu)",
        r"|c2s\.ic\.gov|sc2s\.sgov\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov)$"
    ))
});

static LIKE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[^/\s]*\.dkr[.-]ecr(?:-fips)?\.[^/\s]*"));

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and a test compiles each")]
fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_private_host_is_recognised() {
        let rows = [
            ("111122223333.dkr.ecr.us-east-1.amazonaws.com", "us-east-1"),
            ("111122223333.dkr.ecr-fips.us-east-1.amazonaws.com", "us-east-1"),
            ("111122223333.dkr-ecr.eu-west-1.on.aws", "eu-west-1"),
            ("111122223333.dkr-ecr-fips.us-west-2.on.aws", "us-west-2"),
            ("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("111122223333.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "cn-north-1"),
            ("111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1"),
            ("111122223333.dkr.ecr.us-iso-east-1.c2s.ic.gov", "us-iso-east-1"),
        ];
        for (host, region) in rows {
            assert_eq!(EcrHost::parse(host), Some(EcrHost { account: "111122223333", region }), "{host}");
            assert!(starts_like_ecr(host));
        }
        assert_eq!(EcrHost::parse("public.ecr.aws"), None);
        assert_eq!(EcrHost::parse("111122223333.dkr.ecr.us-east-1.amazonaws.com.example.com"), None);
        assert!(starts_like_ecr("<ACCOUNT>.dkr.ecr.<REGION>.amazonaws.com/app:1"));
        assert!(!starts_like_ecr("mirror.example.com/111122223333.dkr.ecr.us-east-1.amazonaws.com/app"));
    }

    #[test]
    fn accounts_and_regions_are_checked() {
        assert!(Registry::new(Some("12345"), None).is_err());
        assert!(Registry::new(None, Some("us-east")).is_err());
        let registry = Registry::new(Some("111122223333"), Some("cn-north-1")).unwrap();
        assert_eq!(registry.host(), "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn");
        assert!(!registry.partition().has_pull_through_cache());
        assert_eq!(Registry::unknown().host(), "<account>.dkr.ecr.<region>.amazonaws.com");
        for region in ["us-gov-west-1", "ap-southeast-5", "eusc-de-east-1", "us-isob-east-1", "il-central-1"] {
            assert!(Registry::new(None, Some(region)).is_ok(), "{region}");
        }
    }
}
