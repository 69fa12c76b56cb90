//! The command line.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::builder::{EnumValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use ecrewrite::{CacheRule, Expression, Kinds};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// Moves container image references to Amazon ECR's pull-through cache.
#[derive(Debug, Parser)]
#[command(version, styles = STYLES, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

const AFTER_HELP: &str = "Exit codes: 0 nothing to change, 1 something would change (check) or cannot be pulled (doctor), \
2 misuse, or a file that cannot be read, parsed or written.";

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Write ecrewrite.yaml, from what the files say and a few questions
    Init(InitArgs),
    /// Show what would change, where, and why the rest would not; write nothing
    Check(CheckArgs),
    /// Rewrite the references in place
    Rewrite(RewriteArgs),
    /// Bring cached references back to their upstreams, in place
    Revert(RevertArgs),
    /// Print the cache rules and permissions that the references in use need
    Emit(EmitArgs),
    /// Say whether the references in use can be pulled: rules, permissions, endpoints
    Doctor(DoctorArgs),
    /// Show how a reference is read, what becomes of it, and why
    Explain(ExplainArgs),
    /// Print the settings that hold, and where each comes from
    Config(ConfigArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write those of all verbs
    #[command(hide = true)]
    Man(ManArgs),
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder that the configuration is for, and is written into
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// The AWS account whose registry caches the images
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The region of that registry
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// Ask nothing, and take what is proposed; so it does without a terminal
    #[arg(short, long)]
    pub(crate) yes: bool,
    /// Print the configuration instead of writing it
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Accept the findings of an earlier report (`--format json`), and fail only on others
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    pub(crate) baseline: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RewriteArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) list: ListArgs,
    /// Print a unified diff instead of writing
    #[arg(long, help_heading = "Output", conflicts_with_all = ["format", "output", "quiet", "verbose"])]
    pub(crate) diff: bool,
    #[command(flatten)]
    pub(crate) writing: WritingArgs,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct RevertArgs {
    #[command(flatten)]
    pub(crate) rewrite: RewriteArgs,
    /// Undo what one run replaced, and nothing else: FILE is what `--undo-file` wrote
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Input",
        conflicts_with_all = ["InputArgs", "ListArgs", "PolicyArgs", "undo_file", "allow_dirty", "format", "output", "verbose"]
    )]
    pub(crate) from: Option<PathBuf>,
}

/// How files are written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Writing")]
pub(crate) struct WritingArgs {
    /// Write nothing if a file cannot be read, parsed or written
    #[arg(long)]
    pub(crate) all_or_nothing: bool,
    /// Also write files that have changes which are not staged in git
    #[arg(long)]
    pub(crate) allow_dirty: bool,
    /// Write down in a new file what is replaced: `revert --from FILE` undoes exactly this run
    #[arg(long, value_name = "FILE", conflicts_with = "diff")]
    pub(crate) undo_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct EmitArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Instead of files, reports of many checkouts (`--format json`): files, folders of them, or patterns with `*`
    #[arg(long, value_name = "REPORT", num_args = 1.., help_heading = "Input", conflicts_with_all = ["paths", "stdin_filename", "exclude"])]
    pub(crate) from: Vec<PathBuf>,
    /// The dialect to print
    #[arg(long = "as", value_enum, value_name = "DIALECT", default_value_t = DialectArg::Terraform, help_heading = "Output")]
    pub(crate) dialect: DialectArg,
    /// The parts to print [default: rules,iam]
    #[arg(long, value_enum, value_name = "SECTION", value_delimiter = ',', help_heading = "Output")]
    pub(crate) section: Vec<SectionArg>,
    /// Write one file a section into this folder, instead of printing
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out_dir: Option<PathBuf>,
    /// Account and region as numbers and names, not as references to wherever it is applied
    #[arg(long, help_heading = "Output")]
    pub(crate) literals: bool,
    /// The major version of Terraform's provider hashicorp/aws: 5 or 6
    #[arg(long, value_name = "VERSION", default_value_t = 6, value_parser = provider, help_heading = "Output")]
    pub(crate) provider: u8,
    /// Permissions for the repositories in use, not for whole prefixes
    #[arg(long, help_heading = "Output")]
    pub(crate) exact_repositories: bool,
    /// Everything, also what the files or `--existing-rules` have already
    #[arg(long, help_heading = "Output")]
    pub(crate) all: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// When to use colours, in what goes to standard error
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, help_heading = "Output")]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Files and folders
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Leave out files and folders that match, as in .gitignore
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(crate) exclude: Vec<String>,
    /// Say what an error text of a failed pull means, and nothing else
    #[arg(long, value_name = "TEXT", help_heading = "Input")]
    pub(crate) error: Option<String>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// The form of the report
    #[arg(long, value_enum, default_value_t = DiagnosesArg::Text, help_heading = "Output")]
    pub(crate) format: DiagnosesArg,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, help_heading = "Output")]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Image references
    #[arg(required = true, value_name = "REF")]
    pub(crate) references: Vec<String>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto, help_heading = "Output")]
    pub(crate) color: ColorArg,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
    /// The folder whose settings are shown
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
    /// Leave out files and folders that match, as in .gitignore
    #[arg(long, value_name = "GLOB", help_heading = "Input")]
    pub(crate) exclude: Vec<String>,
    #[command(flatten)]
    pub(crate) policy: PolicyArgs,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// Write the pages of the program and of each verb into this folder
    #[arg(long, value_name = "DIR")]
    pub(crate) out_dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputArgs {
    /// Files and folders; `-` is standard input
    #[arg(default_value = ".", value_name = "PATH", help_heading = None)]
    pub(crate) paths: Vec<PathBuf>,
    /// The name that standard input goes by, which says its format
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<String>,
    /// Leave out files and folders that match, as in .gitignore
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
}

/// What narrows a run down to some files.
#[derive(Debug, Args)]
#[command(next_help_heading = "Input")]
pub(crate) struct ListArgs {
    /// Only the files of this list, one a line; `-` is standard input. Those of no format are passed over
    #[arg(long, value_name = "FILE", conflicts_with = "paths")]
    pub(crate) files_from: Option<PathBuf>,
    /// The names in the list end with a NUL character, as `git diff --name-only -z` prints them
    #[arg(long, requires = "files_from")]
    pub(crate) null: bool,
    /// Leave out what the configuration or `--exclude` leaves out, even if it is named or listed
    #[arg(long)]
    pub(crate) force_exclude: bool,
}

#[derive(Debug, Default, Args)]
#[command(next_help_heading = "Rewrite")]
pub(crate) struct PolicyArgs {
    /// The AWS account whose registry caches the images [env: ECREWRITE_ACCOUNT]
    #[arg(long)]
    pub(crate) account: Option<String>,
    /// The region of that registry [env: AWS_REGION, AWS_DEFAULT_REGION]
    #[arg(long)]
    pub(crate) region: Option<String>,
    /// A cache rule: the registry and its prefix, for example quay.io=quay
    #[arg(long = "rule", value_name = "UPSTREAM=PREFIX")]
    pub(crate) rules: Vec<CacheRule>,
    /// A rule for every registry that ECR can cache, with the prefixes that the console of ECR proposes
    #[arg(long)]
    pub(crate) all_upstreams: bool,
    /// The route of Docker's official images [default: ecr-public]
    #[arg(long, value_enum, value_name = "ROUTE")]
    pub(crate) official: Option<OfficialArg>,
    /// Also make changes that are right only if something beside the reference changes as well
    #[arg(long = "unsafe")]
    pub(crate) unsafe_fixes: bool,
    /// Also change files of builds, pipelines and laptops, by their kinds, for example dockerfile,compose; or all
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = Kinds::named)]
    pub(crate) also: Vec<Kinds>,
    /// Add `newName` to the images of kustomizations that have a `name` only
    #[arg(long)]
    pub(crate) kustomize_add: bool,
    /// Take out `repositoryCredentials` and `imagePullSecrets` beside images that all go through the cache
    #[arg(long)]
    pub(crate) drop_credentials: bool,
    /// What references in the source of CDK apps become [default: registry]
    #[arg(long, value_enum, value_name = "STYLE")]
    pub(crate) cdk_style: Option<CdkStyleArg>,
    /// What texts of a language say instead of the registry's host, for example terraform=local.ecr_registry,
    /// cloudformation, dockerfile=ECR_REGISTRY, typescript
    #[arg(long, value_name = "LANGUAGE=EXPRESSION")]
    pub(crate) registry_as: Vec<Expression>,
    /// Cache rules that exist already: what `aws ecr describe-pull-through-cache-rules` prints as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) existing_rules: Option<PathBuf>,
    /// The configuration file [default: the nearest ecrewrite.yaml, up to the repository's root]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// The form of the report
    #[arg(long, value_parser = FormatArg::printed(), default_value = "text")]
    pub(crate) format: FormatArg,
    /// Also write the report in a form into a file; markdown and github-output are added to what is there
    #[arg(long, value_name = "FORMAT=FILE", value_parser = OutputFile::parse)]
    pub(crate) output: Vec<OutputFile>,
    /// When to use colours
    #[arg(long, value_enum, default_value_t = ColorArg::Auto)]
    pub(crate) color: ColorArg,
    /// Also show what is cached already, and where in its document each reference stands
    #[arg(short, long, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    /// Show the sums only
    #[arg(short, long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OfficialArg {
    /// Through ECR Public, without credentials
    EcrPublic,
    /// Through Docker Hub, with a secret
    DockerHub,
    /// Not at all
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CdkStyleArg {
    /// The text names the registry
    Registry,
    /// A repository by its name, where one can be made: TypeScript, JavaScript and Python
    Repository,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DialectArg {
    Terraform,
    #[value(name = "cloudformation")]
    CloudFormation,
    #[value(name = "cloudformation-json")]
    CloudFormationJson,
    Cli,
    Json,
    CdkTypescript,
    CdkPython,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SectionArg {
    /// Cache rules, and the secrets that some of them name
    Rules,
    /// The policy of whoever pulls
    Iam,
    /// A template for the repositories that pulls create
    Templates,
    /// A statement for the policy of the registry
    RegistryPolicy,
    /// VPC endpoints for subnets without a way to the internet
    Endpoints,
    /// The policy of whoever builds on cached images and pushes
    Builder,
    /// The policy, attached to the roles that the files define
    Attach,
    /// A script that pulls each tag once
    WarmUp,
    /// Settings of Renovate and Dependabot
    Bots,
    /// The login of the builds, pipelines and laptops whose files name the cache
    Login,
    /// A policy for Kyverno
    Kubernetes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArg {
    /// For people
    Text,
    /// One document, for scripts
    Json,
    /// The change, as `git apply` takes it
    Diff,
    /// One page to show around, for browsers and paper
    Html,
    /// Annotations of a workflow on GitHub
    Github,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// reviewdog's format, for bots that suggest changes
    Rdjson,
    /// The summary of a job
    Markdown,
    /// The outputs of a step on GitHub: into a file only
    #[value(hide = true)]
    GithubOutput,
}

impl FormatArg {
    /// Reads the forms that can be printed.
    fn printed() -> impl TypedValueParser<Value = Self> {
        EnumValueParser::<FormatArg>::new().try_map(|format| match format {
            FormatArg::GithubOutput => Err("it goes into a file only: --output github-output=\"$GITHUB_OUTPUT\""),
            format => Ok(format),
        })
    }
}

/// A report that goes into a file.
#[derive(Debug, Clone)]
pub(crate) struct OutputFile {
    pub(crate) format: FormatArg,
    pub(crate) file: PathBuf,
}

impl OutputFile {
    fn parse(text: &str) -> Result<Self, String> {
        let Some((format, file)) = text.split_once('=').filter(|(_, file)| !file.is_empty()) else {
            return Err("FORMAT=FILE is expected, for example json=report.json".to_owned());
        };
        let format = FormatArg::from_str(format, false).map_err(|_| {
            let known: Vec<_> = FormatArg::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
            let known: Vec<&str> = known.iter().map(|value| value.get_name()).collect();
            format!("`{format}` is no form of the report; the forms are {}", known.join(", "))
        })?;
        Ok(OutputFile { format, file: file.into() })
    }
}

/// Reads a version of the provider.
fn provider(text: &str) -> Result<u8, String> {
    text.parse().ok().filter(|version| [5, 6].contains(version)).ok_or_else(|| "5 or 6 is expected".to_owned())
}

/// The forms of what `doctor` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiagnosesArg {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}
