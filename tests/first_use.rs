//! First use: `init`, `config`, the schema of the configuration, completions and manual pages.
//!
//! What needs a terminal, other shells or a validator of schemas is asked by `.ci/check-first-use`.

#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ecrewrite::SiteKind;
use ecrewrite::config::{Config, KEYS, SCHEMA};
use serde_json::Value;
use tempfile::TempDir;

/// A git repository with these files.
fn repo(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("ecrewrite-first-").tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Exit code, standard output and standard error of a run without anything of the user's, and without a terminal.
fn run_with(folder: &Path, variables: &[(&str, &str)], args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    for (name, _) in std::env::vars_os() {
        let shown = name.to_string_lossy();
        if ["AWS_", "ECREWRITE_", "CLICOLOR", "NO_COLOR"].iter().any(|start| shown.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    let output = command.args(args).current_dir(folder).envs(variables.iter().copied()).stdin(Stdio::null()).output();
    let output = output.expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn run(folder: &Path, args: &[&str]) -> (Option<i32>, String, String) {
    run_with(folder, &[], args)
}

/// What a run prints that has nothing to complain of.
#[track_caller]
fn printed(folder: &Path, args: &[&str]) -> String {
    let (code, stdout, stderr) = run(folder, args);
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    stdout
}

/// What `init` writes, without its first line and the comments on what keys mean.
#[track_caller]
fn written(files: &[(&str, &str)], args: &[&str]) -> String {
    let repo = repo(files);
    printed(repo.path(), &[&["init"], args].concat());
    let text = fs::read_to_string(repo.path().join("ecrewrite.yaml")).unwrap();
    assert!(text.starts_with(&format!("# yaml-language-server: $schema={SCHEMA}\n")), "{text}");
    assert_eq!(printed(repo.path(), &["init", "--stdout"].iter().chain(args).copied().collect::<Vec<_>>()), text);
    // It holds at once: nothing in it is refused.
    printed(repo.path(), &["config"]);
    let is_prose = |line: &&str| {
        line.starts_with("# ")
            && !line.starts_with("#   ")
            && !KEYS.iter().any(|key| line.starts_with(&format!("# {key}:")))
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !is_prose(line)).collect();
    lines.join("\n")
}

const POD: (&str, &str) = ("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: quay.io/a/b:1\n");

#[test]
fn what_the_files_say_is_proposed() {
    let provider = "provider \"aws\" {\n  region = \"eu-central-1\"\n  allowed_account_ids = [\"111122223333\"]\n}\n";
    let rows: [(&[(&str, &str)], &str); 11] = [
        (&[], "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\nrules:"),
        (
            &[("main.tf", provider), POD],
            "account: \"111122223333\" # main.tf:3 (provider aws)\n\
             region: eu-central-1 # main.tf:2 (provider aws)\n\
             rules:\n  quay.io: quay # 1 reference",
        ),
        // Two regions: neither is taken, and the one that is named more often stands first.
        (
            &[
                ("main.tf", provider),
                ("a.tfvars", "region = \"us-east-1\"\n"),
                (
                    ".github/workflows/a.yml",
                    "jobs:\n  a:\n    steps:\n      - with:\n          aws-region: us-east-1\n",
                ),
            ],
            "account: \"111122223333\" # main.tf:3 (provider aws)\n\
             # region: us-east-1 # .github/workflows/a.yml:5 (a pipeline), a.tfvars:1 (a variable of Terraform)\n\
             # region: eu-central-1 # main.tf:2 (provider aws)\nrules:",
        ),
        // A rule that is defined is recorded with its prefix, and one that needs a secret is not taken.
        (
            &[
                (
                    "cache.tf",
                    "resource \"aws_ecr_pull_through_cache_rule\" \"q\" {\n  ecr_repository_prefix = \"mirror/quay\"\n  upstream_registry_url = \"quay.io\"\n}\n",
                ),
                POD,
                (
                    "more.yaml",
                    "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: ghcr.io/a/b:1\n    - image: nginx:1\n    - image: nginx:2\n    - image: acme.azurecr.io/x:1\n",
                ),
            ],
            "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\n\
             rules:\n  quay.io: mirror/quay # defined in cache.tf\n  public.ecr.aws: ecr-public # 2 references\n\
             #   ghcr.io: github # 1 reference; needs a secret with a user and a token\n\
             #   acme.azurecr.io: acme # 1 reference; needs a secret with a user and a token",
        ),
        // A rule for a part of a registry leaves the rest without one.
        (
            &[
                (
                    "cache.tf",
                    "resource \"aws_ecr_pull_through_cache_rule\" \"q\" {\n  ecr_repository_prefix = \"prom\"\n  upstream_registry_url = \"quay.io\"\n  upstream_repository_prefix = \"prometheus\"\n}\n",
                ),
                POD,
            ],
            "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\n\
             rules:\n  quay.io/prometheus: prom # defined in cache.tf\n  quay.io: quay # 1 reference",
        ),
        // Two prefixes for one registry: nothing says which is meant.
        (
            &[
                (
                    "a.yaml",
                    "Resources:\n  A:\n    Type: AWS::ECR::PullThroughCacheRule\n    Properties:\n      EcrRepositoryPrefix: one\n      UpstreamRegistryUrl: quay.io\n",
                ),
                (
                    "b.yaml",
                    "Resources:\n  A:\n    Type: AWS::ECR::PullThroughCacheRule\n    Properties:\n      EcrRepositoryPrefix: two\n      UpstreamRegistryUrl: quay.io\n",
                ),
                POD,
            ],
            "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\nrules:\n\
             #   quay.io: one # defined in a.yaml; the files define another prefix too: take one\n\
             #   quay.io: two # defined in b.yaml; the files define another prefix too: take one",
        ),
        // A default prefix that another rule has already.
        (
            &[
                (
                    "cache.tf",
                    "resource \"aws_ecr_pull_through_cache_rule\" \"q\" {\n  ecr_repository_prefix = \"quay\"\n  upstream_registry_url = \"ghcr.io\"\n}\n",
                ),
                POD,
            ],
            "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\n\
             rules:\n  ghcr.io: quay # defined in cache.tf\n\
             #   quay.io: quay # 1 reference; there are two rules with the prefix `quay`: give one of them another",
        ),
        // The rule for Docker Hub exists, and the one for ECR Public does not.
        (
            &[
                (
                    "cache.tf",
                    "resource \"aws_ecr_pull_through_cache_rule\" \"d\" {\n  ecr_repository_prefix = \"hub\"\n  upstream_registry_url = \"registry-1.docker.io\"\n  credential_arn = var.secret\n}\n",
                ),
                ("pod.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1\n"),
            ],
            "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\n\
             # official: docker-hub\nrules:\n  registry-1.docker.io: hub # defined in cache.tf\n  public.ecr.aws: ecr-public # 1 reference",
        ),
        // Builds change only when asked, and need rules all the same.
        (
            &[("Dockerfile", "FROM quay.io/a/b:1\n"), ("compose.yaml", "services:\n  a:\n    image: redis:7\n")],
            "# account: \"111122223333\" # no file names one\n# region: eu-central-1 # no file names one\n\
             rules:\n  public.ecr.aws: ecr-public # 1 reference\n  quay.io: quay # 1 reference\n# also: [dockerfile, compose]",
        ),
        // What is cached already needs its rule too, and names its registry.
        (
            &[(
                "pod.yaml",
                "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: 111122223333.dkr.ecr.eu-west-1.amazonaws.com/kubernetes/pause:3.10\n    - image: 602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/pause:3.5\n",
            )],
            "account: \"111122223333\" # pod.yaml:5 (a private registry)\n\
             region: eu-west-1 # pod.yaml:5 (a private registry)\n\
             rules:\n  registry.k8s.io: kubernetes # 1 reference",
        ),
        // CDK's last output, though git ignores it.
        (
            &[
                (".gitignore", "cdk.out\n"),
                ("cdk.json", "{\"app\": \"node app.js\"}\n"),
                (
                    "cdk.out/manifest.json",
                    "{\"artifacts\": {\"A\": {\"environment\": \"aws://111122223333/eu-central-1\"}}}\n",
                ),
            ],
            "account: \"111122223333\" # cdk.out/manifest.json:1 (CDK)\n\
             region: eu-central-1 # cdk.out/manifest.json:1 (CDK)\nrules:",
        ),
    ];
    for (files, expected) in rows {
        assert_eq!(written(files, &[]), expected, "{files:?}");
    }
}

/// A name that would end its comment.
#[cfg(unix)]
#[test]
fn names_of_files_stay_in_their_comments() {
    let provider = "provider \"aws\" {\n  region = \"eu-central-1\"\n}\n";
    assert_eq!(
        written(&[("a\nregion: us-east-1 #.tf", provider)], &["--account", "111122223333"]),
        "account: \"111122223333\"\n\
         region: eu-central-1 # a\u{fffd}region: us-east-1 #.tf:2 (provider aws)\nrules:"
    );
}

#[test]
fn rules_that_variables_hide_are_not_forgotten() {
    let hidden = "resource \"aws_ecr_pull_through_cache_rule\" \"q\" {\n  for_each = var.upstreams\n  ecr_repository_prefix = each.key\n  upstream_registry_url = each.value\n}\n";
    let repo = repo(&[("cache.tf", hidden), POD]);
    let text = printed(repo.path(), &["init", "--stdout"]);
    assert!(
        text.contains("\n# Other rules are defined with variables: add them, or correct the prefixes above.\n"),
        "{text}"
    );
}

#[test]
fn flags_answer_and_the_environment_does_not() {
    let provider = ("main.tf", "provider \"aws\" {\n  region = \"eu-central-1\"\n}\n");
    let text = written(&[provider], &["--account", "444455556666", "--region", "us-east-1"]);
    assert_eq!(text, "account: \"444455556666\"\nregion: us-east-1\nrules:");
    let repo = repo(&[]);
    let (code, stdout, _) = run_with(
        repo.path(),
        &[("AWS_REGION", "us-east-1"), ("ECREWRITE_ACCOUNT", "444455556666")],
        &["init", "--yes", "--stdout"],
    );
    assert_eq!(code, Some(0));
    assert!(!stdout.contains("us-east-1") && !stdout.contains("444455556666"), "{stdout}");
    let (code, stdout, stderr) = run(repo.path(), &["init", "--account", "12"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert!(stderr.contains("`12` is not an AWS account"), "{stderr}");
    assert!(!repo.path().join("ecrewrite.yaml").exists());
}

#[test]
fn init_says_what_comes_next_and_overwrites_nothing() {
    let repo = repo(&[("shop/pod.yaml", POD.1), ("ecrewrite.yaml", "region: eu-central-1\n")]);
    assert_eq!(
        printed(repo.path(), &["init", "shop", "--account", "111122223333"]),
        "shop/ecrewrite.yaml: account 111122223333, 1 cache rule\n\
         ecrewrite.yaml no longer holds for this folder: the nearest one does\n\
         next: fill in the region; `ecrewrite check shop` shows what would change, `ecrewrite emit shop` prints the \
         rules and permissions that go first\n"
    );
    let before = fs::read(repo.path().join("shop/ecrewrite.yaml")).unwrap();
    let (code, stdout, stderr) = run(repo.path(), &["init", "shop"]);
    assert_eq!((code, stdout.as_str()), (Some(2), ""));
    assert_eq!(
        stderr,
        "error: shop/ecrewrite.yaml is there already, and stays as it is: change it by hand, or remove it first; \
         `ecrewrite init --stdout` shows what would be written\n"
    );
    assert_eq!(fs::read(repo.path().join("shop/ecrewrite.yaml")).unwrap(), before);
    let (code, _, stderr) = run(repo.path(), &["init", "shop/pod.yaml"]);
    assert_eq!((code, stderr.as_str()), (Some(2), "error: shop/pod.yaml: there is no such folder\n"));
}

#[test]
fn who_has_no_file_is_told_of_init() {
    let hint = "; `ecrewrite init` writes the file\n";
    let repo = repo(&[POD]);
    let (code, _, stderr) = run(repo.path(), &["rewrite"]);
    assert!(code == Some(2) && stderr.contains(hint), "{stderr}");
    fs::write(repo.path().join("ecrewrite.yaml"), "region: eu-central-1\n").unwrap();
    let (code, _, stderr) = run(repo.path(), &["rewrite"]);
    assert!(code == Some(2) && stderr.contains("`account: ") && !stderr.contains(hint), "{stderr}");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let repo = repo(&[("pod.yaml", "image: [\n")]);
    let (code, stdout, stderr) = run(repo.path(), &["init"]);
    assert_eq!(code, Some(2));
    assert!(stderr.starts_with("error: pod.yaml:"), "{stderr}");
    assert!(stdout.starts_with("ecrewrite.yaml: 0 cache rules\nnext: "), "{stdout}");
}

#[test]
fn each_setting_tells_where_it_comes_from() {
    let file = "account: 111122223333\nrules:\n  quay.io: quay\n  ghcr.io/acme: acme\nalso: [compose]\n\
                exclude:\n  - vendor/\nplaces: [{kind: Backup, path: spec.image}]\n\
                overrides:\n  - paths: [prod/]\n    account: \"444455556666\"\n    rules: {quay.io: quay-prod}\n  - paths: [x]\n    official: off\n";
    let repo = repo(&[("ecrewrite.yaml", file), ("a/b.txt", "")]);
    let flags = ["--rule", "registry.k8s.io=k8s", "--also", "bake", "--exclude", "*.bak", "--unsafe", "a"];
    let (code, stdout, stderr) =
        run_with(repo.path(), &[("AWS_DEFAULT_REGION", "eu-west-1")], &[&["config"], &flags[..]].concat());
    assert_eq!((code, stderr.as_str()), (Some(0), ""));
    let expected = "\
# The configuration file is ecrewrite.yaml.
account: \"111122223333\" # ecrewrite.yaml:1
region: eu-west-1 # AWS_DEFAULT_REGION
official: ecr-public # default
rules:
  ghcr.io/acme: acme # ecrewrite.yaml:4
  quay.io: quay # ecrewrite.yaml:3
  registry.k8s.io: k8s # --rule
  # public.ecr.aws: ecr-public # default
  # Where a registry has no rule above, one that the searched files define holds.
all_upstreams: false # default
also:
  - compose # ecrewrite.yaml:5
  - bake # --also
kustomize_add: false # default
cdk_style: registry # default
registry_as: {} # default
exclude:
  - vendor/ # ecrewrite.yaml:7
  - \"*.bak\" # --exclude
only: [] # default
places:
  - {kind: Backup, path: spec.image} # ecrewrite.yaml:8
overrides:
  - paths: [prod/] # ecrewrite.yaml:10
    account: \"444455556666\" # ecrewrite.yaml:11
    rules:
      quay.io: quay-prod # ecrewrite.yaml:12
  - paths: [x] # ecrewrite.yaml:13
    official: \"off\" # ecrewrite.yaml:14
unsafe: true # --unsafe
";
    assert_eq!(stdout, expected);
    // A flag goes before an override, too.
    let stdout = printed(repo.path(), &["config", "--account", "777788889999"]);
    assert!(
        stdout.contains("\naccount: \"777788889999\" # --account\n") && !stdout.contains("444455556666"),
        "{stdout}"
    );
    assert!(stdout.contains("\n# region: not known: give it here, or by --region, AWS_REGION or AWS_DEFAULT_REGION\n"));
}

#[test]
fn without_a_file_the_defaults_hold() {
    let repo = repo(&[(
        "rules.json",
        "{\"pullThroughCacheRules\": [{\"ecrRepositoryPrefix\": \"q\", \"upstreamRegistryUrl\": \"x\"}]}",
    )]);
    let stdout = printed(repo.path(), &["config", "--official", "docker-hub"]);
    let begin = "# There is no configuration file: `ecrewrite init` writes one.\n# account: not known: give it here, or by --account or ECREWRITE_ACCOUNT\n";
    assert!(stdout.starts_with(begin), "{stdout}");
    assert!(stdout.contains("\nofficial: docker-hub # --official\nrules: {} # default\n"), "{stdout}");
    assert!(
        stdout.contains("\n  # registry-1.docker.io: docker-hub # official, for Docker's official images only\n"),
        "{stdout}"
    );
    fs::write(
        repo.path().join("rules.json"),
        "{\"pullThroughCacheRules\": [{\"ecrRepositoryPrefix\": \"mirror\", \"upstreamRegistryUrl\": \"quay.io\"}]}",
    )
    .unwrap();
    let stdout = printed(repo.path(), &["config", "--existing-rules", "rules.json", "--all-upstreams"]);
    assert!(stdout.contains("\n  # quay.io: mirror # --existing-rules\n"), "{stdout}");
    assert!(stdout.contains("\n  # registry.k8s.io: kubernetes # all_upstreams\n"), "{stdout}");
    assert!(!stdout.contains("quay.io: quay"), "{stdout}");
}

/// What `config` prints is a configuration that means the same: read back, it prints the same but for where things come
/// from.
#[test]
fn the_settings_that_hold_are_a_configuration() {
    let without_origins = |text: &str| {
        let value = |line: &str| line.rsplit_once(" # ").map_or(line, |(value, _)| value).to_owned();
        text.lines().skip(1).map(value).collect::<Vec<_>>()
    };
    let repo = repo(&[]);
    for file in configurations("good") {
        let first = printed(repo.path(), &["config", "--config", &file.to_string_lossy()]);
        let copy = repo.path().join("copy.yaml");
        fs::write(&copy, &first).unwrap();
        let second = printed(repo.path(), &["config", "--config", "copy.yaml"]);
        assert_eq!(without_origins(&first), without_origins(&second), "{}", file.display());
        assert!(second.contains(" # copy.yaml:"), "{second}");
    }
}

/// The configurations that the schema, asked by `.ci/check-first-use`, has to take and to refuse as the program does.
#[test]
fn configurations_are_taken_and_refused() {
    let repo = repo(&[]);
    for file in configurations("good") {
        printed(repo.path(), &["config", "--config", &file.to_string_lossy()]);
    }
    for file in configurations("bad") {
        let text = fs::read_to_string(&file).unwrap();
        let says = text.lines().next().and_then(|line| line.strip_prefix("# ")).expect("it says what is wrong");
        let (code, _, stderr) = run(repo.path(), &["config", "--config", &file.to_string_lossy()]);
        assert!(code == Some(2) && stderr.contains(says), "{}: {stderr}", file.display());
    }
}

fn configurations(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/config").join(kind);
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() > 4);
    files
}

#[test]
fn the_schema_has_every_key_and_no_other() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/ecrewrite.json")).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["$id"], SCHEMA);
    let sorted = |keys: &[&str]| {
        let mut keys: Vec<String> = keys.iter().map(|key| (*key).to_owned()).collect();
        keys.sort();
        keys
    };
    let keys = |value: &Value| sorted(&value.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(keys(&schema["properties"]), sorted(&KEYS));
    // An override has those that a policy is made from: the reader names them when another is written.
    let error = Config::parse("overrides: [{paths: [a], x: 1}]\n", Path::new("a")).unwrap_err();
    assert_eq!(error.message, "unknown key `x`");
    let of_override = ["paths", "account", "region", "official", "rules", "registry_as"];
    assert_eq!(keys(&schema["properties"]["overrides"]["items"]["properties"]), sorted(&of_override));
    for key in KEYS {
        let yaml = format!("overrides: [{{paths: [a], {key}: }}]\n");
        let is_unknown = Config::parse(&yaml, Path::new("a")).is_err_and(|error| error.message.contains("unknown key"));
        assert_eq!(!is_unknown, of_override.contains(&key), "{key}");
    }
    let kinds: Vec<&str> =
        schema["properties"]["also"]["items"]["enum"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    let known = SiteKind::all().filter(|kind| kind.on_request().is_some()).map(SiteKind::id);
    assert_eq!(kinds, known.chain(["all"]).collect::<Vec<_>>());
}

#[test]
fn completions_and_pages_know_every_verb() {
    let repo = repo(&[]);
    let help = printed(repo.path(), &["--help"]);
    let verbs: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .map_while(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help")
        .collect();
    assert_eq!(verbs, ["init", "check", "rewrite", "revert", "emit", "doctor", "explain", "config", "completions"]);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = printed(repo.path(), &["completions", shell]);
        for verb in &verbs {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
        assert!(script.contains("files-from"), "{shell}");
    }
    let page = printed(repo.path(), &["man"]);
    assert!(page.contains(".TH ecrewrite 1"), "{page}");
    assert_eq!(printed(repo.path(), &["man", "--out-dir", "man"]), "");
    for verb in &verbs {
        assert!(page.contains(&format!("ecrewrite\\-{verb}(1)")), "{verb}");
        let page = fs::read_to_string(repo.path().join(format!("man/ecrewrite-{verb}.1"))).unwrap();
        assert!(page.is_ascii() && page.contains(".SH SYNOPSIS"), "{verb}");
    }
    fs::write(repo.path().join("file"), "").unwrap();
    let (code, _, stderr) = run(repo.path(), &["man", "--out-dir", "file"]);
    assert!(code == Some(2) && stderr.starts_with("error: file: cannot be written: "), "{stderr}");
    let (code, _, stderr) = run(repo.path(), &["completions", "ksh"]);
    assert!(code == Some(2) && stderr.contains("bash, elvish, fish, powershell, zsh"), "{stderr}");
}
