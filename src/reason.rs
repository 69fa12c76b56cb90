//! Why a reference, or a file, is left as it is: stable ids, a sentence, and what to do.

use std::fmt;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal, $sentence:literal, $remedy:literal;)+) => {
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

            /// What to do, in a sentence; "Nothing to do." where all is well.
            pub fn remedy(self) -> &'static str {
                match self {
                    $(Reason::$name => $remedy,)+
                }
            }
        }
    };
}

reasons! {
    /// A private ECR repository that no configured rule fills.
    PrivateEcr = "private-ecr",
        "it already names a private ECR repository, which no configured rule fills",
        "Nothing to do, if the image is yours. If a cache rule with another prefix fills the repository, add it as a rule.";
    /// `scratch`, `auto` and their like.
    Sentinel = "sentinel",
        "it is a reserved word, not an image",
        "Nothing to do.";
    /// `localhost`, or a host with a port.
    LocalRegistry = "local-registry",
        "it names a registry on this machine or on a port, which ECR cannot reach",
        "Push the image to a registry that ECR can cache, or to ECR.";
    /// ECR can cache the registry, but no rule says so.
    NoRule = "no-rule",
        "no cache rule covers this registry; `--rule` adds one",
        "Add a rule: `--rule quay.io=quay`, or `rules` in ecrewrite.yaml.";
    /// ECR has no upstream of this kind.
    UnsupportedRegistry = "unsupported-registry",
        "ECR cannot cache this registry",
        "Copy the image to ECR, or use one from a registry that ECR can cache.";
    /// A short name that is not on the list of official images.
    NotOfficial = "not-official",
        "it is not a Docker official image, so it is probably built locally",
        "Nothing to do, if it is built locally. If it is an image of a Docker Hub user, its name lacks the user.";
    /// An official image that ECR Public does not carry.
    NotMirrored = "not-mirrored",
        "ECR Public is not known to carry this image; `--official docker-hub` reaches it",
        "Take the way through Docker Hub: `--official docker-hub`.";
    /// Official images are switched off.
    OfficialOff = "official-off",
        "official images are switched off (`--official off`)",
        "Drop `--official off`.";
    /// `aws/codebuild/…`.
    Curated = "curated",
        "it is an image that CodeBuild brings along, from no registry",
        "Nothing to do.";
    /// The cached repository's name would exceed 256 characters.
    NameTooLong = "name-too-long",
        "the repository's name would exceed ECR's 256 characters",
        "Use a shorter prefix.";
    /// The reference would exceed what the service takes.
    ReferenceTooLong = "reference-too-long",
        "the reference would exceed the 255 characters that ECS takes",
        "Use a shorter prefix.";
    /// China, GovCloud, isolated and sovereign regions.
    UnsupportedRegion = "unsupported-region",
        "ECR has no pull-through cache in this region",
        "Use another region.";
    /// A variable, a template expression or an intrinsic reaches into registry or repository.
    NotLiteral = "not-literal",
        "its registry or repository is not written here: a variable or template gives it",
        "Change the value where it is defined, or write registry and repository out.";
    /// No expression stands for the host, and the host is not known.
    NoRegistry = "no-registry",
        "no expression says the registry here, and account or region is not known: `--account` and `--region` say the host",
        "Give `--account` and `--region`.";
    /// Text where an image is expected that is not a reference.
    NotAReference = "not-a-reference",
        "an image is expected here, but this is not an image reference",
        "Correct it.";
    /// The reference is written so that it cannot be changed without touching other bytes.
    NotEditable = "not-editable",
        "it is written across lines or escapes, so that more than the reference would change",
        "Write it on one line, without escapes.";
    /// After the change, the file did not show the new value at the same place.
    NotVerified = "not-verified",
        "the changed file did not read back as expected, so it was left as it was",
        "Change it by hand, and please report it.";
    /// A reference in a place that is not known to hold an image.
    UnknownPlace = "unknown-place",
        "it reads like an image, but nothing says that this place holds one",
        "Change it by hand if it is an image, or name the place in `places` of ecrewrite.yaml.";
    /// An upstream's host with a part of a path.
    Incomplete = "incomplete",
        "it is only a part of a reference; what is joined to it decides",
        "Write the reference out, or change its parts by hand.";
    /// An official image's name without a tag, in a place that is only named like an image.
    BareName = "bare-name",
        "a bare name in a place that need not hold an image; a tag or a registry would settle it",
        "Add a tag or a registry.";
    /// Credentials for the old registry stand beside the image.
    PullCredentials = "pull-credentials",
        "pull credentials beside it would be sent to ECR and fail: they have to go with the change (`--unsafe` makes it)",
        "`--drop-credentials` takes them out with the change; or `--unsafe`, and remove them by hand.";
    /// The service wants more than the reference changed.
    NeedsMore = "needs-more",
        "this service needs other settings changed with the reference (`--unsafe` makes the change)",
        "Change the settings that the note names, and use `--unsafe`.";
    /// Lambda, SAM functions, EMR Serverless, Lightsail.
    NoPullThrough = "no-pull-through",
        "this service cannot pull through a cache",
        "Push the image to a repository of your own.";
    /// Whoever pulls it has to log in to ECR first.
    NeedsLogin = "needs-login",
        "whoever pulls this has to log in to ECR first",
        "Add the login to ECR; `--unsafe` then changes what a program gets in its environment.";
    /// A build, a pipeline or a laptop pulls it.
    NotAsked = "not-asked",
        "whoever reads this file has to log in to ECR first, so it changes only when asked: `--also` and its kind",
        "Add the login to ECR, and name the kind of file: `--also dockerfile`.";
    /// A name given to what is built.
    BuildOutput = "build-output",
        "it names what is built here, not what is pulled",
        "Nothing to do.";
    /// A file that a pipeline writes.
    Generated = "generated",
        "a pipeline writes this file: change what generates it (`--unsafe` makes the change)",
        "Change what generates it, or use `--unsafe`.";
    /// A Helm chart.
    Chart = "chart",
        "it is a Helm chart, not an image",
        "Nothing to do.";
    /// A validation or a constraint that may refuse another registry stands beside the value.
    Validated = "validated",
        "its value is held against a list, a pattern or a length beside it: both have to change",
        "Change both by hand; in Terraform, change the validation and use `--unsafe`.";
    /// The name by which a kustomization finds an image.
    MatchKey = "match-key",
        "a kustomization finds the image by this name; what is pulled is its `newName`, which `--kustomize-add` adds to a kustomization",
        "`--kustomize-add` adds a `newName` to a kustomization.";
    /// A manifest's image that a kustomization finds by its name.
    Matched = "matched",
        "something among these files finds the image by this name, such as a kustomization: the name stays, and what replaces it changes there",
        "Nothing to do, or remove the entry from what finds it.";
    /// A YAML anchor or a parameter that is also used where no image stands.
    SharedValue = "shared-value",
        "it is also used where no image stands",
        "Give the image a value of its own.";
    /// Another value puts a registry of its own before it.
    Overridden = "overridden",
        "another value of the chart sets a registry that goes before this one",
        "Remove the other value, or change both.";
    /// A comment keeps it.
    Ignored = "ignored",
        "a comment says `ecrewrite: ignore`",
        "Nothing to do.";
    /// On the way back: it is there.
    Upstream = "upstream",
        "it names its upstream already",
        "Nothing to do.";
    /// On the way back: the rules would not bring it here again.
    OneWay = "one-way",
        "its upstream's name would not lead to it by the rules, so it stays",
        "Change it by hand.";
    /// The file could not be written.
    Unwritable = "unwritable",
        "the file could not be written",
        "Make it writable, and run again.";
    /// Another program was at the file.
    ChangedMeanwhile = "changed-meanwhile",
        "the file changed, or went, between reading and writing: run again",
        "Run again.";
    /// A file that git tracks has changes that are not staged.
    Unstaged = "unstaged",
        "the file has changes that are not staged, which git could not bring back (`--allow-dirty` rewrites it)",
        "Stage or commit them, or use `--allow-dirty`.";
    /// Another file failed.
    AllOrNothing = "all-or-nothing",
        "something else could not be read, parsed or written, and `--all-or-nothing` writes nothing then",
        "Mend what the errors name, and run again.";
    /// A file that is a template, not yet valid in its language.
    Template = "template",
        "it is a template, whose images are not seen until it is rendered",
        "Rewrite what it renders to, or change it by hand.";
    /// JSON with comments.
    JsonComments = "json-comments",
        "the file is JSON with comments, which the services do not take",
        "Remove the comments.";
    /// A file of a size that is not read.
    TooLarge = "too-large",
        "the file is larger than 256 MiB, so it was not read",
        "Split it, if it holds images, or leave it out: `exclude` in ecrewrite.yaml.";
    /// A link that leads out of the folders that were named, or nowhere.
    OutsideLink = "outside-link",
        "the link leads out of the folders that were named, or nowhere",
        "Name the folder it leads to.";
    /// A cloud assembly that git ignores.
    IgnoredFolder = "ignored-folder",
        "git ignores this folder, and it holds a cloud assembly: name it to have it read",
        "Name it: `ecrewrite check . cdk.out`.";
    /// What CDK draws of an app, for people.
    Picture = "picture",
        "CDK's picture of an app: what it shows stands in the templates beside it",
        "Nothing to do.";
    /// Something that CDK staged under the hash of its content.
    StagedAsset = "staged-asset",
        "CDK staged it under a hash of its content; change what it was made from",
        "Change what it was made from, and synthesise again.";
    /// A cloud assembly that cannot be rewritten as a whole.
    Assembly = "assembly",
        "the cloud assembly cannot be rewritten as a whole",
        "Synthesise it again.";
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}
