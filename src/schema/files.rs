//! What the name of a file says of it: its language, and for some kinds what it is.

use super::SiteKind;
use crate::syntax::Language;

/// How a file is read, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON or YAML whose content says what it is: task definitions, CloudFormation, Kubernetes.
    Document(Language),
    /// A file whose name says what it is.
    Named(SiteKind, Language),
    /// Terraform or OpenTofu: `.tf`, `.tofu`, and their JSON syntax.
    Terraform(Language),
    /// Values of Terraform variables: `.tfvars` and its JSON syntax.
    TerraformVariables(Language),
    /// A template of a [`Document`](Format::Document), valid only once it is rendered.
    Template,
    /// A template of something that is not read before it is rendered.
    Unreadable,
    /// A program, which is read only if it names a library that defines infrastructure.
    #[cfg(feature = "cdk-source")]
    Program(Language),
}

/// Files that are known by their names, as patterns in small letters with `*` for any letters. With a folder, the file is
/// right in it, or below it if that ends with `/**`. The first that fits holds.
const NAMED: [(&str, SiteKind, Language); 38] = [
    ("dockerfile", SiteKind::Dockerfile, Language::Dockerfile),
    ("dockerfile.*", SiteKind::Dockerfile, Language::Dockerfile),
    ("*.dockerfile", SiteKind::Dockerfile, Language::Dockerfile),
    ("containerfile", SiteKind::Dockerfile, Language::Dockerfile),
    ("containerfile.*", SiteKind::Dockerfile, Language::Dockerfile),
    ("*.containerfile", SiteKind::Dockerfile, Language::Dockerfile),
    ("compose.yml", SiteKind::Compose, Language::Yaml),
    ("compose.yaml", SiteKind::Compose, Language::Yaml),
    ("compose.*.yml", SiteKind::Compose, Language::Yaml),
    ("compose.*.yaml", SiteKind::Compose, Language::Yaml),
    ("docker-compose*.yml", SiteKind::Compose, Language::Yaml),
    ("docker-compose*.yaml", SiteKind::Compose, Language::Yaml),
    (".github/workflows/*.yml", SiteKind::GitHubActions, Language::Yaml),
    (".github/workflows/*.yaml", SiteKind::GitHubActions, Language::Yaml),
    ("action.yml", SiteKind::GitHubActions, Language::Yaml),
    ("action.yaml", SiteKind::GitHubActions, Language::Yaml),
    ("*.gitlab-ci.yml", SiteKind::GitLabCi, Language::Yaml),
    (".gitlab/**/*.yml", SiteKind::GitLabCi, Language::Yaml),
    (".gitlab/**/*.yaml", SiteKind::GitLabCi, Language::Yaml),
    (".circleci/*.yml", SiteKind::CircleCi, Language::Yaml),
    (".circleci/*.yaml", SiteKind::CircleCi, Language::Yaml),
    ("buildspec*.yml", SiteKind::Buildspec, Language::Yaml),
    ("buildspec*.yaml", SiteKind::Buildspec, Language::Yaml),
    ("copilot/**/manifest.yml", SiteKind::Copilot, Language::Yaml),
    ("skaffold*.yaml", SiteKind::Skaffold, Language::Yaml),
    ("skaffold*.yml", SiteKind::Skaffold, Language::Yaml),
    ("devcontainer.json", SiteKind::Devcontainer, Language::JsonWithComments),
    (".devcontainer.json", SiteKind::Devcontainer, Language::JsonWithComments),
    ("docker-bake*.hcl", SiteKind::Bake, Language::Hcl),
    ("docker-bake*.json", SiteKind::Bake, Language::Json),
    ("dockerrun.aws.json", SiteKind::Dockerrun, Language::Json),
    ("bitbucket-pipelines.yml", SiteKind::BitbucketPipelines, Language::Yaml),
    ("azure-pipelines*.yml", SiteKind::AzurePipelines, Language::Yaml),
    (".buildkite/*.yml", SiteKind::Buildkite, Language::Yaml),
    ("kustomization", SiteKind::Kustomize, Language::Yaml),
    ("kustomization.yaml", SiteKind::Kustomize, Language::Yaml),
    ("kustomization.yml", SiteKind::Kustomize, Language::Yaml),
    ("samconfig.toml", SiteKind::CloudFormation, Language::Toml),
];

/// Ends of names that make a file named after a Dockerfile something else.
const NO_DOCKERFILE: [&str; 26] = [
    ".dockerignore",
    ".md",
    ".txt",
    ".rst",
    ".html",
    ".py",
    ".ts",
    ".js",
    ".mjs",
    ".go",
    ".rb",
    ".rs",
    ".java",
    ".kt",
    ".cs",
    ".sh",
    ".sql",
    ".json",
    ".yaml",
    ".yml",
    ".toml",
    ".lock",
    ".bak",
    ".orig",
    ".rej",
    ".swp",
];

/// What the ends of file names say. The first that fits holds.
const ENDINGS: [(&str, Format); 22] = [
    (".tf", Format::Terraform(Language::Hcl)),
    (".tofu", Format::Terraform(Language::Hcl)),
    (".tf.json", Format::Terraform(Language::Json)),
    (".tofu.json", Format::Terraform(Language::Json)),
    (".tfvars", Format::TerraformVariables(Language::Hcl)),
    (".tfvars.json", Format::TerraformVariables(Language::Json)),
    (".json", Format::Document(Language::Json)),
    (".yaml", Format::Document(Language::Yaml)),
    (".yml", Format::Document(Language::Yaml)),
    (".template", Format::Document(Language::Yaml)),
    (".tftpl", Format::Template),
    (".json.tpl", Format::Template),
    (".yaml.tpl", Format::Template),
    (".yml.tpl", Format::Template),
    (".tf.tpl", Format::Unreadable),
    (".json.j2", Format::Template),
    (".yaml.j2", Format::Template),
    (".yml.j2", Format::Template),
    (".yaml.tmpl", Format::Template),
    (".json.tmpl", Format::Template),
    (".yaml.gotmpl", Format::Template),
    (".yaml.jinja2", Format::Template),
];

/// Programs, by the ends of their names.
#[cfg(feature = "cdk-source")]
const PROGRAMS: &[(&str, Language)] = &[
    (".ts", Language::TypeScript),
    (".mts", Language::TypeScript),
    (".cts", Language::TypeScript),
    (".tsx", Language::Tsx),
    (".js", Language::Tsx),
    (".jsx", Language::Tsx),
    (".mjs", Language::Tsx),
    (".cjs", Language::Tsx),
    (".py", Language::Python),
    (".java", Language::Java),
    (".go", Language::Go),
    #[cfg(feature = "cdk-source-csharp")]
    (".cs", Language::CSharp),
];

/// What to do about programs that this one does not read, by the ends of their names.
#[cfg(feature = "cli")]
const UNREAD: [(&[&str], &str); 2] = [
    (
        &[".ts", ".mts", ".cts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".py", ".java", ".go"],
        "this program was built without the readers of programs: build it with `--features cdk-source`, or take a \
         released one",
    ),
    (
        &[".cs"],
        "this program was built without the reader of C#: build it with `--features cdk-source-csharp`, which no \
         released one has",
    ),
];

/// What a program has in it that defines infrastructure: a library for that is imported, as each language writes it. A word
/// alone may stand in any text.
#[cfg(feature = "cdk-source")]
#[expect(clippy::expect_used, reason = "the pattern is fixed")]
static LIBRARIES: std::sync::LazyLock<regex::bytes::Regex> = std::sync::LazyLock::new(|| {
    regex::bytes::Regex::new(concat!(
        r#"(?:from|import|require\()\s*\(?["'](?:aws-cdk-lib|@aws-cdk/|cdk8s|cdktf|@cdktf/|@pulumi/|constructs["'])"#,
        r"|(?:from|import)\s+(?:[\w. ]+,\s*)*(?:aws_cdk|cdk8s|cdktf|pulumi|constructs\b)",
        r#"|"github\.com/(?:aws/aws-cdk-go|cdk8s-team|hashicorp/terraform-cdk-go|pulumi)/"#,
        r"|(?:import|using)\s+(?:static\s+)?(?:software\.amazon\.awscdk|org\.cdk8s|com\.hashicorp\.cdktf|com\.pulumi)",
        r"|using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?:Amazon\.CDK|Org\.Cdk8s|HashiCorp\.Cdktf|Pulumi)",
    ))
    .expect("the pattern is one")
});

impl Format {
    /// The format of a file with this path, or `None` if it is none of ours.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let small = name.to_ascii_lowercase();
        // A cheap test before the patterns: most files end like none of them.
        let may_be_named =
            ["yml", "yaml", "json", "hcl", "toml", "file", "kustomization"].iter().any(|end| small.ends_with(end))
                || small.contains("file.");
        let in_folder = may_be_named && has_named_folder(path);
        let named = NAMED.iter().filter(|_| may_be_named).find(|(pattern, kind, _)| {
            let is_other = *kind == SiteKind::Dockerfile && NO_DOCKERFILE.iter().any(|end| small.ends_with(end));
            fits(pattern, path, &small, in_folder) && !is_other
        });
        if let Some((_, kind, language)) = named {
            return Some(Format::Named(*kind, *language));
        }
        let known = ENDINGS.iter().find(|(ending, _)| name.len() > ending.len() && name.ends_with(ending));
        #[cfg(feature = "cdk-source")]
        if known.is_none() && !name.ends_with(".d.ts") {
            let program = PROGRAMS.iter().find(|(ending, _)| name.ends_with(ending));
            return program.map(|(_, language)| Format::Program(*language));
        }
        known.map(|row| row.1)
    }

    /// Why a program with this name is not read, and what to do; `None` if no feature reads files of that name.
    #[cfg(feature = "cli")]
    #[doc(hidden)]
    pub fn unread(path: &str) -> Option<&'static str> {
        if path.ends_with(".d.ts") || Self::of_path(path).is_some() {
            return None;
        }
        let row = UNREAD.iter().find(|(endings, _)| endings.iter().any(|ending| path.ends_with(ending)));
        row.map(|(_, what)| *what)
    }

    /// Whether a file with this content is read as this format: of programs, only those that define infrastructure are.
    #[doc(hidden)]
    pub(crate) fn is_read(self, content: &[u8]) -> bool {
        match self {
            #[cfg(feature = "cdk-source")]
            Format::Program(_) => LIBRARIES.is_match(content),
            _ => {
                let _ = content;
                true
            }
        }
    }
}

impl Format {
    /// How comments begin in it, where they take the rest of a line.
    pub fn comment_signs(self) -> &'static [&'static str] {
        match self {
            Format::Document(Language::Json)
            | Format::Named(_, Language::Json)
            | Format::Terraform(Language::Json)
            | Format::TerraformVariables(Language::Json) => &[],
            Format::Terraform(_) | Format::TerraformVariables(_) | Format::Named(_, Language::Hcl) => &["#", "//"],
            Format::Named(_, Language::JsonWithComments) => &["//"],
            #[cfg(feature = "cdk-source")]
            Format::Program(Language::TypeScript | Language::Tsx | Language::Java | Language::Go) => &["//"],
            #[cfg(feature = "cdk-source-csharp")]
            Format::Program(Language::CSharp) => &["//"],
            _ => &["#"],
        }
    }
}

/// Whether a path may have one of the folders of [`NAMED`]: a hidden one, or `copilot`. A look that is cheap.
fn has_named_folder(path: &str) -> bool {
    let bytes = path.as_bytes();
    let follows_separator = |at: usize| at == 0 || matches!(bytes[at - 1], b'/' | b'\\');
    let is_folder = |at: usize| bytes[at] == b'.' || bytes[at..].starts_with(b"copilot");
    (0..bytes.len()).any(|at| follows_separator(at) && is_folder(at))
}

/// Whether a path fits a pattern of [`NAMED`]; `small` is the name in small letters.
fn fits(pattern: &str, path: &str, small: &str, in_folder: bool) -> bool {
    let Some(end) = pattern.bytes().rposition(|byte| byte == b'/') else { return fits_name(pattern, small) };
    let (folder, of_name) = (&pattern[..end], &pattern[end + 1..]);
    if !in_folder || !fits_name(of_name, small) {
        return false;
    }
    let mut folders = path.split(['/', '\\']).rev().skip(1);
    match folder.strip_suffix("/**") {
        Some(above) => folders.any(|folder| folder == above),
        None => folder.rsplit('/').all(|part| folders.next() == Some(part)),
    }
}

fn fits_name(pattern: &str, name: &str) -> bool {
    // Most patterns begin with a letter that the name does not begin with.
    if !pattern.starts_with('*') && pattern.as_bytes().first() != name.as_bytes().first() {
        return false;
    }
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_folders() {
        let rows = [
            ("Dockerfile", "dockerfile"),
            ("a/Dockerfile.prod", "dockerfile"),
            ("a/web.Containerfile", "dockerfile"),
            ("compose.prod.yaml", "compose"),
            ("a/docker-compose-ci.yml", "compose"),
            (".github/workflows/ci.yml", "github-actions"),
            ("x/.github/workflows/ci.yaml", "github-actions"),
            (".gitlab-ci.yml", "gitlab-ci"),
            (".gitlab/ci/build.yml", "gitlab-ci"),
            ("copilot/api/manifest.yml", "copilot"),
            (".devcontainer/devcontainer.json", "devcontainer"),
            ("Kustomization", "kustomize"),
        ];
        for (path, kind) in rows {
            assert!(matches!(Format::of_path(path), Some(Format::Named(found, _)) if found.id() == kind), "{path}");
        }
        for path in ["Dockerfile.dockerignore", "Dockerfile.md", "makefile.am", "profile", ".tf", "a.hcl"] {
            assert_eq!(Format::of_path(path), None, "{path}");
        }
        for path in ["github/workflows/ci.yml", "manifest.yml", ".github/workflows/a/ci.yml", "composed.yml"] {
            assert_eq!(Format::of_path(path), Some(Format::Document(Language::Yaml)), "{path}");
        }
    }
    /// What one build reads, the others know as what they were built without.
    #[cfg(all(feature = "cli", feature = "cdk-source"))]
    #[test]
    fn every_program_has_its_feature() {
        let known: Vec<&str> = UNREAD.iter().flat_map(|(endings, _)| endings.iter().copied()).collect();
        let mut read: Vec<&str> = PROGRAMS.iter().map(|(ending, _)| *ending).collect();
        if cfg!(not(feature = "cdk-source-csharp")) {
            read.push(".cs");
        }
        assert_eq!(known, read);
    }
}
