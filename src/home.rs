//! Where a repository is at home: the AWS accounts and regions that its files name.
//!
//! Knows where files say such a thing. Which of several is meant is nobody's to guess.

use std::sync::LazyLock;

use regex::Regex;

use crate::registry::{EcrHost, Registry};
use crate::schema::{Format, SiteKind};
use crate::source::{Position, Source};
use crate::syntax::{Fragment, Language, Node, parse};

/// What is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// An account, by its 12 digits.
    Account,
    /// A region, by its name.
    Region,
}

/// A place in a file that names one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sighting {
    /// Whether it is an account or a region.
    pub home: Home,
    /// The account or the region.
    pub value: String,
    /// Where it stands.
    pub position: Position,
    /// What says so.
    pub by: &'static str,
}

/// What files have in them that name a home, but for private registries: a search for these words spares the rest.
pub const WORDS: [&str; 7] = ["region", "REGION", "Region", "account", "ACCOUNT", "Account", "aws://"];

/// Accounts that are nobody's home: those from which AWS serves images to everybody (the registries of EKS in the EKS user
/// guide; those of App Mesh, Fluent Bit, the deep learning containers and the marketplace), and those of examples.
#[rustfmt::skip]
const NOBODYS: [&str; 23] = [
    "000000000000", "013241004608", "066635153087", "123456789012", "151742754352", "296578399912", "455263428931",
    "491585149902", "558608220178", "590381155156", "602401143452", "709825985650", "759879836304", "761377655185",
    "763104351884", "800184023465", "840364872350", "877085696533", "900612956339", "900889452093", "906394416424",
    "918309763551", "961992271922",
];

/// The accounts and regions that a file names, in its order.
///
/// ```
/// use ecrewrite::Source;
/// use ecrewrite::home::{Home, sightings};
///
/// let found = sightings(&Source::new("main.tf", "provider \"aws\" {\n  region = \"eu-central-1\"\n}\n"));
/// assert_eq!((found[0].home, found[0].value.as_str()), (Home::Region, "eu-central-1"));
/// assert_eq!((found[0].position.line, found[0].by), (2, "provider aws"));
/// ```
pub fn sightings(source: &Source) -> Vec<Sighting> {
    let is_read = |format: &Format| format.is_read(source.text().as_bytes());
    let Some(format) = Format::of_path(source.path()).filter(is_read) else { return Vec::new() };
    let mut finder = Finder { source, found: Vec::new() };
    let has_host = source.text().contains(".dkr");
    for root in read(source, format) {
        finder.document(format, &root);
        if has_host {
            root.scalars(&mut |scalar| finder.hosts(scalar));
        }
    }
    let positions = source.positions();
    finder.found.sort();
    finder.found.dedup();
    let sighting = |(offset, home, value, by)| Sighting { home, value, position: positions.at(offset), by };
    finder.found.into_iter().map(sighting).collect()
}

/// The documents of a file; none if it cannot be read, which is said elsewhere.
fn read(source: &Source, format: Format) -> Vec<Node<'_>> {
    let fragment = Fragment::of_file(source);
    let language = match format {
        Format::Named(_, language) | Format::Terraform(language) | Format::TerraformVariables(language) => language,
        Format::Document(_) if fragment.text.trim_start().starts_with('{') => Language::Json,
        Format::Document(language) => language,
        #[cfg(feature = "cdk-source")]
        Format::Program(language) => language,
        Format::Template | Format::Unreadable => return Vec::new(),
    };
    parse(language, &fragment).unwrap_or_default()
}

struct Finder<'s> {
    source: &'s Source,
    found: Vec<(usize, Home, String, &'static str)>,
}

impl Finder<'_> {
    fn document(&mut self, format: Format, root: &Node<'_>) {
        let name = self.source.path().rsplit('/').next().unwrap_or_default();
        match format {
            Format::Terraform(_) => self.terraform(root),
            Format::TerraformVariables(_) => self.keys(root, "a variable of Terraform"),
            Format::Named(SiteKind::CloudFormation, _) => self.keys(root, "SAM"),
            Format::Named(kind, _) if is_pipeline(kind) => self.pipeline(root),
            Format::Document(_) => match name {
                "cdk.json" => root.get("context").into_iter().for_each(|context| self.keys(context, "CDK")),
                "cdk.context.json" => self.looked_up(root),
                "manifest.json" => self.environments(root),
                _ if name.starts_with("Pulumi.") => self.keys(root, "Pulumi"),
                _ if name.starts_with("serverless.") => {
                    root.get("provider").into_iter().for_each(|provider| self.keys(provider, "Serverless"));
                }
                _ if root.get("apiVersion").and_then(Node::text).is_some_and(|api| api.starts_with("eksctl.io/")) => {
                    root.get("metadata").into_iter().for_each(|metadata| self.keys(metadata, "eksctl"));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn terraform(&mut self, root: &Node<'_>) {
        for provider in blocks(root, "provider").into_iter().flat_map(|providers| blocks(providers, "aws")) {
            self.keys(provider, "provider aws");
            let accounts = provider.get("allowed_account_ids").and_then(Node::elements).unwrap_or_default();
            accounts.iter().for_each(|account| self.value(Home::Account, account, "provider aws"));
            for role in blocks(provider, "assume_role").into_iter().filter_map(|role| role.get("role_arn")) {
                self.role(role, "provider aws");
            }
        }
        for variables in blocks(root, "variable") {
            for entry in variables.entries().unwrap_or_default() {
                let value = each(&entry.value).iter().find_map(|variable| variable.get("default"));
                if let (Some(home), Some(value)) = (said_by(&entry.key), value) {
                    self.value(home, value, "a variable of Terraform");
                }
            }
        }
        for locals in blocks(root, "locals") {
            self.keys(locals, "a local of Terraform");
        }
    }

    fn pipeline(&mut self, root: &Node<'_>) {
        self.keys(root, "a pipeline");
        each_entry(root, &mut |key, value| {
            if matches!(normal(key).as_str(), "roletoassume" | "rolearn") {
                self.role(value, "a pipeline");
            }
        });
    }

    /// `aws://111122223333/eu-central-1`.
    fn environments(&mut self, root: &Node<'_>) {
        let artifacts = root.get("artifacts").and_then(Node::entries).unwrap_or_default();
        for environment in artifacts.iter().filter_map(|artifact| artifact.value.get("environment")) {
            let text = environment.text().and_then(|text| text.strip_prefix("aws://"));
            if let Some((account, region)) = text.and_then(|text| text.split_once('/')) {
                self.add(Home::Account, account, environment.span().start, "CDK");
                self.add(Home::Region, region, environment.span().start, "CDK");
            }
        }
    }

    /// What CDK has looked up: `availability-zones:account=111122223333:region=eu-central-1`.
    fn looked_up(&mut self, root: &Node<'_>) {
        for entry in root.entries().unwrap_or_default() {
            for part in entry.key.split(':') {
                let at = entry.value.span().start;
                match part.split_once('=') {
                    Some(("account", account)) => self.add(Home::Account, account, at, "CDK"),
                    Some(("region", region)) => self.add(Home::Region, region, at, "CDK"),
                    _ => {}
                }
            }
        }
    }

    /// The values of all keys that say what they are.
    fn keys(&mut self, root: &Node<'_>, by: &'static str) {
        each_entry(root, &mut |key, value| {
            if let Some(home) = said_by(key) {
                self.value(home, value, by);
            }
        });
    }

    fn value(&mut self, home: Home, node: &Node<'_>, by: &'static str) {
        if let Some(text) = node.text() {
            self.add(home, text, node.span().start, by);
        }
    }

    /// The account of a role.
    fn role(&mut self, node: &Node<'_>, by: &'static str) {
        let account = node.text().and_then(|arn| ROLE.captures(arn)).and_then(|parts| parts.get(1));
        if let Some(account) = account {
            self.add(Home::Account, account.as_str(), node.span().start, by);
        }
    }

    /// The private registries that a text names.
    fn hosts(&mut self, node: &Node<'_>) {
        let text = self.source.text().get(node.span().range()).unwrap_or_default();
        for found in HOST.find_iter(text) {
            if let Some(EcrHost { account, region }) =
                EcrHost::parse(found.as_str()).filter(|host| is_ones_own(host.account))
            {
                let at = node.span().start + found.start();
                self.add(Home::Account, account, at, "a private registry");
                self.add(Home::Region, region, at, "a private registry");
            }
        }
    }

    fn add(&mut self, home: Home, value: &str, at: usize, by: &'static str) {
        let is_one = match home {
            Home::Account => Registry::new(Some(value), None).is_ok() && is_ones_own(value),
            Home::Region => Registry::new(None, Some(value)).is_ok(),
        };
        if is_one {
            self.found.push((at, home, value.to_owned(), by));
        }
    }
}

fn is_ones_own(account: &str) -> bool {
    !NOBODYS.contains(&account)
}

fn is_pipeline(kind: SiteKind) -> bool {
    matches!(
        kind,
        SiteKind::GitHubActions
            | SiteKind::GitLabCi
            | SiteKind::CircleCi
            | SiteKind::Buildspec
            | SiteKind::BitbucketPipelines
            | SiteKind::AzurePipelines
            | SiteKind::Buildkite
    )
}

/// What a key says its value is. A key that says whose it is may say somebody else's.
fn said_by(key: &str) -> Option<Home> {
    match normal(key).as_str() {
        "region" | "awsregion" | "defaultregion" | "awsdefaultregion" | "ecrregion" | "cdkdefaultregion" => {
            Some(Home::Region)
        }
        "account" | "accountid" | "awsaccount" | "awsaccountid" | "ecraccount" | "ecraccountid"
        | "cdkdefaultaccount" => Some(Home::Account),
        _ => None,
    }
}

/// A key without case and signs: `AWS_REGION` and `aws-region` are one.
fn normal(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The bodies of the blocks of a name: JSON syntax has lists of them.
fn blocks<'n, 'a>(node: &'n Node<'a>, name: &str) -> Vec<&'n Node<'a>> {
    let named = node.entries().unwrap_or_default().iter().filter(|entry| entry.key == name);
    named.flat_map(|entry| each(&entry.value)).collect()
}

fn each<'n, 'a>(node: &'n Node<'a>) -> &'n [Node<'a>] {
    node.elements().unwrap_or(std::slice::from_ref(node))
}

/// Every key with its value, at any depth.
fn each_entry(node: &Node<'_>, found: &mut dyn FnMut(&str, &Node<'_>)) {
    for entry in node.entries().unwrap_or_default() {
        found(&entry.key, &entry.value);
    }
    node.children().into_iter().for_each(|child| each_entry(child, found));
}

static HOST: LazyLock<Regex> = LazyLock::new(|| pattern(r"[0-9]{12}\.dkr[.-]ecr[a-z0-9.-]*[a-z]"));

static ROLE: LazyLock<Regex> = LazyLock::new(|| pattern(r"^arn:aws[a-z-]*:iam::([0-9]{12}):role/"));

#[expect(clippy::unwrap_used, reason = "the patterns are constants, and the tests use each")]
fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name of a file, its text, and which lines name what.
    type Row = (&'static str, &'static str, &'static [(usize, &'static str)]);

    #[test]
    fn what_files_say_of_their_home() {
        let rows: [Row; 22] = [
            ("main.tf", "provider \"aws\" {\n  region = \"eu-central-1\"\n}\n", &[(2, "eu-central-1")]),
            ("main.tf", "provider \"aws\" {\n  region = var.region\n}\n", &[]),
            ("main.tf", "provider \"google\" {\n  region = \"eu-central-1\"\n}\n", &[]),
            (
                "main.tf",
                "provider \"aws\" {\n  allowed_account_ids = [\"111122223333\"]\n  assume_role {\n    role_arn = \"arn:aws:iam::444455556666:role/x\"\n  }\n}\n",
                &[(2, "111122223333"), (4, "444455556666")],
            ),
            ("main.tf", "variable \"aws_region\" {\n  default = \"eu-west-1\"\n}\n", &[(2, "eu-west-1")]),
            ("main.tf", "variable \"name\" {\n  default = \"eu-west-1\"\n}\n", &[]),
            ("main.tf", "locals {\n  account_id = \"111122223333\"\n}\n", &[(2, "111122223333")]),
            ("main.tf", "locals {\n  datadog_account_id = \"111122223333\"\n}\n", &[]),
            ("main.tf.json", "{\"provider\": {\"aws\": [{\"region\": \"eu-central-1\"}]}}", &[(1, "eu-central-1")]),
            ("dev.tfvars", "region = \"eu-north-1\"\n", &[(1, "eu-north-1")]),
            (
                ".github/workflows/a.yml",
                "env:\n  AWS_REGION: us-east-1\njobs:\n  a:\n    steps:\n      - with:\n          role-to-assume: arn:aws:iam::111122223333:role/ci\n          aws-region: us-west-2\n",
                &[(2, "us-east-1"), (7, "111122223333"), (8, "us-west-2")],
            ),
            (".github/workflows/a.yml", "env:\n  AWS_REGION: ${{ vars.REGION }}\n", &[]),
            (".github/workflows/a.yml", "env:\n  REGION: europe-west1\n", &[]),
            (
                "cdk.out/manifest.json",
                "{\"artifacts\": {\n\"A\": {\"environment\": \"aws://111122223333/eu-central-1\"},\n\"B\": {\"environment\": \"aws://unknown-account/unknown-region\"}}}",
                &[(2, "111122223333"), (2, "eu-central-1")],
            ),
            ("cdk.json", "{\"context\": {\"prod\": {\"account\": \"111122223333\"}}}", &[(1, "111122223333")]),
            (
                "cdk.context.json",
                "{\"availability-zones:account=111122223333:region=eu-central-1\": []}",
                &[(1, "111122223333"), (1, "eu-central-1")],
            ),
            ("samconfig.toml", "[default.deploy.parameters]\nregion = \"ap-south-1\"\n", &[(2, "ap-south-1")]),
            (
                "pod.yaml",
                "image: 111122223333.dkr.ecr.eu-west-3.amazonaws.com/a:1 # 444455556666.dkr.ecr.eu-west-1.amazonaws.com\n",
                &[(1, "111122223333"), (1, "eu-west-3")],
            ),
            ("pod.yaml", "image: 602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/pause:3.5\n", &[]),
            ("pod.yaml", "image: 111122223333.dkr.ecr.eu-west-3.example.com/a:1\n", &[]),
            (
                "cluster.yaml",
                "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata:\n  region: eu-west-2\n",
                &[(4, "eu-west-2")],
            ),
            ("notes.yaml", "region: eu-west-2\naccount: \"111122223333\"\n", &[]),
        ];
        for (path, text, expected) in rows {
            let found = sightings(&Source::new(path, text));
            let found: Vec<(usize, &str)> = found.iter().map(|one| (one.position.line, one.value.as_str())).collect();
            assert_eq!(found, expected, "{path}\n{text}");
        }
    }
}
