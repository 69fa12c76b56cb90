//! Why a reference, or a file, is left as it is: stable ids and a sentence each.

use std::fmt;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $sentence:literal;)+) => {
        /// Why something is left as it is. The id is stable: scripts may rely on it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Reason {
            /// Every reason, in the order of the documentation.
            pub const ALL: &[Reason] = &[$(Reason::$name),+];

            /// The stable id, as reports and the documentation write it.
            pub fn id(self) -> &'static str {
                match self {
                    $(Reason::$name => $id,)+
                }
            }

            /// One sentence: why, and what would change it.
            pub fn sentence(self) -> &'static str {
                match self {
                    $(Reason::$name => $sentence,)+
                }
            }
        }
    };
}

reasons! {
    /// A private ECR repository that no configured rule fills.
    PrivateEcr = "private-ecr", "it already names a private ECR repository, which no configured rule fills";
    /// `scratch`, `auto` and their like.
    Sentinel = "sentinel", "it is a reserved word, not an image";
    /// `localhost`, or a host with a port.
    LocalRegistry = "local-registry", "it names a registry on this machine or on a port, which ECR cannot reach";
    /// ECR can cache the registry, but no rule says so.
    NoRule = "no-rule", "no cache rule covers this registry; `--rule` adds one";
    /// ECR has no upstream of this kind.
    UnsupportedRegistry = "unsupported-registry", "ECR cannot cache this registry";
    /// A short name that is not on the list of official images.
    NotOfficial = "not-official", "it is not a Docker official image, so it is probably built locally";
    /// An official image that ECR Public does not carry.
    NotMirrored = "not-mirrored", "ECR Public is not known to carry this image; `--official docker-hub` reaches it";
    /// Official images are switched off.
    OfficialOff = "official-off", "official images are switched off (`--official off`)";
    /// `aws/codebuild/…`.
    Curated = "curated", "it is an image that CodeBuild brings along, from no registry";
    /// The cached repository's name would exceed 256 characters.
    NameTooLong = "name-too-long", "the repository's name would exceed ECR's 256 characters";
    /// The reference would exceed what the service takes.
    ReferenceTooLong = "reference-too-long", "the reference would exceed the 255 characters that ECS takes";
    /// China, GovCloud, isolated and sovereign regions.
    UnsupportedRegion = "unsupported-region", "ECR has no pull-through cache in this region";
    /// A variable, a template expression or an intrinsic reaches into registry or repository.
    NotLiteral = "not-literal", "its registry or repository is not written here: a variable or template gives it";
    /// No expression stands for the host, and the host is not known.
    NoRegistry = "no-registry", "no expression says the registry here, and account or region is not known: `--account` and `--region` say the host";
    /// Text where an image is expected that is not a reference.
    NotAReference = "not-a-reference", "an image is expected here, but this is not an image reference";
    /// The reference is written so that it cannot be changed without touching other bytes.
    NotEditable = "not-editable", "it is written across lines or escapes, so that more than the reference would change";
    /// After the change, the file did not show the new value at the same place.
    NotVerified = "not-verified", "the changed file did not read back as expected, so it was left as it was";
    /// A reference in a place that is not known to hold an image.
    UnknownPlace = "unknown-place", "it reads like an image, but nothing says that this place holds one";
    /// An upstream's host with a part of a path.
    Incomplete = "incomplete", "it is only a part of a reference; what is joined to it decides";
    /// An official image's name without a tag, in a place that is only named like an image.
    BareName = "bare-name", "a bare name in a place that need not hold an image; a tag or a registry would settle it";
    /// Credentials for the old registry stand beside the image.
    PullCredentials = "pull-credentials", "pull credentials beside it would be sent to ECR and fail: they have to go with the change (`--unsafe` makes it)";
    /// The service wants more than the reference changed.
    NeedsMore = "needs-more", "this service needs other settings changed with the reference (`--unsafe` makes the change)";
    /// Lambda, SAM functions, EMR Serverless, Lightsail.
    NoPullThrough = "no-pull-through", "this service cannot pull through a cache";
    /// Whoever pulls it has to log in to ECR first.
    NeedsLogin = "needs-login", "whoever pulls this has to log in to ECR first";
    /// A build, a pipeline or a laptop pulls it.
    NotAsked = "not-asked", "whoever reads this file has to log in to ECR first, so it changes only when asked: `--also` and its kind";
    /// A name given to what is built.
    BuildOutput = "build-output", "it names what is built here, not what is pulled";
    /// A file that a pipeline writes.
    Generated = "generated", "a pipeline writes this file: change what generates it (`--unsafe` makes the change)";
    /// A Helm chart.
    Chart = "chart", "it is a Helm chart, not an image";
    /// A validation or a constraint that may refuse another registry stands beside the value.
    Validated = "validated", "its value is held against a list, a pattern or a length beside it: both have to change";
    /// The name by which a kustomization finds an image.
    MatchKey = "match-key", "a kustomization finds the image by this name; what is pulled is its `newName`, which `--kustomize-add` adds to a kustomization";
    /// A manifest's image that a kustomization finds by its name.
    Matched = "matched", "something among these files finds the image by this name, such as a kustomization: the name stays, and what replaces it changes there";
    /// A YAML anchor or a parameter that is also used where no image stands.
    SharedValue = "shared-value", "it is also used where no image stands";
    /// Another value puts a registry of its own before it.
    Overridden = "overridden", "another value of the chart sets a registry that goes before this one";
    /// A comment keeps it.
    Ignored = "ignored", "a comment says `ecrewrite: ignore`";
    /// On the way back: it is there.
    Upstream = "upstream", "it names its upstream already";
    /// On the way back: the rules would not bring it here again.
    OneWay = "one-way", "its upstream's name would not lead to it by the rules, so it stays";
    /// The file could not be written.
    Unwritable = "unwritable", "the file could not be written";
    /// Another program was at the file.
    ChangedMeanwhile = "changed-meanwhile", "the file changed, or went, between reading and writing: run again";
    /// A file that git tracks has changes that are not staged.
    Unstaged = "unstaged", "the file has changes that are not staged, which git could not bring back (`--allow-dirty` rewrites it)";
    /// Another file failed.
    AllOrNothing = "all-or-nothing", "something else could not be read, parsed or written, and `--all-or-nothing` writes nothing then";
    /// A file that is a template, not yet valid in its language.
    Template = "template", "it is a template, whose images are not seen until it is rendered";
    /// JSON with comments.
    JsonComments = "json-comments", "the file is JSON with comments, which the services do not take";
    /// A link that leads out of the folders that were named, or nowhere.
    OutsideLink = "outside-link", "the link leads out of the folders that were named, or nowhere";
    /// A cloud assembly that git ignores.
    IgnoredFolder = "ignored-folder", "git ignores this folder, and it holds a cloud assembly: name it to have it read";
    /// What CDK draws of an app, for people.
    Picture = "picture", "CDK's picture of an app: what it shows stands in the templates beside it";
    /// Something that CDK staged under the hash of its content.
    StagedAsset = "staged-asset", "CDK staged it under a hash of its content; change what it was made from";
    /// A cloud assembly that cannot be rewritten as a whole.
    Assembly = "assembly", "the cloud assembly cannot be rewritten as a whole";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
