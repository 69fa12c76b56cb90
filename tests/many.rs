//! `emit --from`: reports of many checkouts give what a scan of all their files gives, as far as reports tell.

#![cfg(feature = "cli")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use common::{HERE, HOST, Repo, Run};
use serde_json::{Value, json};

const RULES: [&str; 4] = ["--rule", "quay.io=quay", "--rule", "registry.k8s.io=kubernetes"];

/// Three repositories: what is read, in words, and the file.
///
/// - shop, a manifest: an official image and one of Quay change, one is built locally;
/// - billing, a task: an image of ECR Public changes, one of Quay is cached already;
/// - search, a Dockerfile and a manifest: a pinned image of Kubernetes changes, one of GitHub has no rule.
fn files() -> Vec<(&'static str, String)> {
    let shop = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n    - image: shop:dev\n    - image: quay.io/prometheus/prometheus:v3.0.0\n";
    let billing = format!(
        "{{\"containerDefinitions\": [{{\"image\": \"public.ecr.aws/nginx/nginx:1.27\"}}, {{\"image\": \"{HOST}/quay/acme/tax:2\"}}]}}\n"
    );
    let digest = "ab".repeat(32);
    let search = format!(
        "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: registry.k8s.io/pause:3.10@sha256:{digest}\n    - image: ghcr.io/acme/search:1\n"
    );
    vec![("shop/pod.yaml", shop.to_owned()), ("billing/task.json", billing), ("search/pod.yaml", search)]
}

/// The three repositories as folders of one, and the report of each, made in it.
fn reported(also: &[(&'static str, &str)], flags: &[&str]) -> Repo {
    let mut all = files();
    all.extend(also.iter().map(|(path, text)| (*path, (*text).to_owned())));
    let repo = Repo::with(&all);
    for name in ["shop", "billing", "search"] {
        let run = repo.run_in(name, &[&["check", "--format", "json"][..], &HERE, &RULES, flags].concat());
        repo.write(&format!("reports/{name}.json"), &run.stdout);
    }
    repo
}

/// What `emit` prints over the files of all three.
fn scanned(repo: &Repo, args: &[&str]) -> Run {
    repo.run(&[&["emit", "shop", "billing", "search"][..], args, &HERE, &RULES].concat())
}

fn from(repo: &Repo, args: &[&str]) -> Run {
    repo.run(&[&["emit", "--from", "reports"][..], args].concat())
}

/// The files below a folder, with their texts.
fn texts(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(below).unwrap().map(Result::unwrap) {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => {
                    let name = path.strip_prefix(folder).unwrap().display().to_string();
                    found.insert(name, fs::read_to_string(path).unwrap());
                }
            }
        }
    }
    found
}

#[test]
fn rules_and_policies_are_those_of_all_files() {
    let repo = reported(&[], &[]);
    let dialects =
        ["terraform", "cloudformation", "cloudformation-json", "cli", "json", "cdk-typescript", "cdk-python"];
    for dialect in dialects {
        for more in [&[][..], &["--literals"], &["--exact-repositories"]] {
            let args = [&["--as", dialect][..], more].concat();
            let (of_files, of_reports) = (scanned(&repo, &args).exits(0), from(&repo, &args).exits(0));
            assert_eq!(of_reports.stdout, of_files.stdout, "{args:?}");
        }
    }
    let sections =
        ["rules", "iam", "templates", "registry-policy", "builder", "warm-up", "bots", "login", "kubernetes"];
    for section in sections {
        let (one, other) = (format!("of-files-{section}"), format!("of-reports-{section}"));
        scanned(&repo, &["--section", section, "--out-dir", &one]).exits(0);
        from(&repo, &["--section", section, "--out-dir", &other]).exits(0);
        if section != "login" {
            assert_eq!(texts(&repo.path(&other)), texts(&repo.path(&one)), "{section}");
            assert!(!texts(&repo.path(&other)).is_empty(), "{section}");
        }
    }
}

#[test]
fn what_is_in_use_by_hand() {
    let run = from(&reported(&[], &[]), &["--as", "json", "--literals", "--exact-repositories"]).exits(0);
    let policy: Value = serde_json::from_str(&run.stdout).unwrap();
    let repository = |name: &str| format!("arn:aws:ecr:eu-central-1:111122223333:repository/{name}");
    let names = [
        "ecr-public/docker/library/nginx",
        "ecr-public/nginx/nginx",
        "kubernetes/pause",
        "quay/acme/tax",
        "quay/prometheus/prometheus",
    ];
    assert_eq!(policy["Statement"][1]["Resource"], json!(names.map(repository)));
    assert_eq!(
        run.stderr,
        "repository      rewrite  cached  left  upstreams\n\
         billing               1       1     0  public.ecr.aws, quay.io\n\
         search                1       0     1  registry.k8s.io\n\
         shop                  2       0     1  public.ecr.aws, quay.io\n\
         3 repositories        4       1     2  public.ecr.aws, quay.io, registry.k8s.io\n"
    );
}

#[test]
fn the_same_before_and_after_the_change() {
    let repo = reported(&[], &[]);
    let before = from(&repo, &[]).exits(0).stdout;
    for name in ["shop", "billing", "search"] {
        let rewrite = [&["rewrite", "--format", "json"][..], &HERE, &RULES].concat();
        repo.write(&format!("done/{name}.json"), &repo.run_in(name, &rewrite).exits(0).stdout);
        let again = [&["check", "--format", "json"][..], &HERE, &RULES].concat();
        repo.write(&format!("after/{name}.json"), &repo.run_in(name, &again).exits(0).stdout);
    }
    assert_eq!(repo.run(&["emit", "--from", "done"]).exits(0).stdout, before);
    assert_eq!(repo.run(&["emit", "--from", "after"]).exits(0).stdout, before);
}

#[test]
fn logins_are_those_of_the_kinds_in_use() {
    let docker =
        [("search/Dockerfile", "FROM golang:1.25\n"), ("shop/compose.yaml", "services: {db: {image: \"redis:7\"}}\n")];
    let repo = reported(&docker, &["--also", "dockerfile"]);
    from(&repo, &["--section", "login", "--out-dir", "of-reports"]).exits(0);
    scanned(&repo, &["--section", "login", "--out-dir", "of-files", "--also", "dockerfile"]).exits(0);
    let logins = texts(&repo.path("of-reports"));
    assert_eq!(logins, texts(&repo.path("of-files")));
    assert!(!logins.is_empty());
    // Compose was not asked for, so nothing of it goes through the cache.
    from(&reported(&[], &[]), &["--section", "login"]).exits(0).complains("so there is no login to print");
}

#[test]
fn official_images_by_docker_hub() {
    let flags = ["--official", "docker-hub"];
    let repo = reported(&[], &flags);
    for args in [&["--section", "rules,iam"][..], &["--section", "kubernetes"]] {
        let of_files = scanned(&repo, &[args, &flags].concat()).exits(0);
        assert_eq!(from(&repo, args).exits(0).stdout, of_files.stdout, "{args:?}");
    }
    from(&repo, &[]).says("registry-1.docker.io").says("docker-hub/*");
}

#[test]
fn what_only_files_say() {
    // A rule that a file defines is in use, and reports do not say that it exists.
    let rule = "resource \"aws_ecr_pull_through_cache_rule\" \"quay\" {\n  ecr_repository_prefix = \"quay\"\n  upstream_registry_url = \"quay.io\"\n}\n";
    let repo = reported(&[("shop/cache.tf", rule)], &[]);
    scanned(&repo, &[]).exits(0).says_not("upstream_registry_url = \"quay.io\"");
    from(&repo, &[]).exits(0).says("upstream_registry_url = \"quay.io\"");
    let existing =
        json!({"pullThroughCacheRules": [{"ecrRepositoryPrefix": "quay", "upstreamRegistryUrl": "quay.io"}]});
    repo.write("existing.json", existing.to_string());
    let run = from(&repo, &["--existing-rules", "existing.json"]).exits(0);
    run.says_not("upstream_registry_url = \"quay.io\"").says("quay/*");

    // Pods run in a cluster; what tasks need is said by files only.
    let run = from(&repo, &["--section", "endpoints", "--as", "cli", "--literals"]).exits(0);
    let run = run.complains("note: reports do not say which endpoints there are");
    let text = &run.stdout;
    for name in ["ecr.api", "ecr.dkr", "s3", "sts", "eks", "ec2", "elasticloadbalancing"] {
        assert!(text.contains(name), "{name}\n{text}");
    }
    assert!(!text.contains("ecs-agent") && !text.contains("secretsmanager"), "{text}");

    from(&repo, &["--section", "rules,attach"]).exits(2).complains("the section `attach` needs the files");
}

#[test]
fn reports_by_path_folder_and_pattern() {
    let repo = reported(&[("reports/notes.txt", "no report")], &[]);
    let expected = from(&repo, &[]).exits(0);
    let all = ["reports/billing.json", "reports/search.json", "reports/shop.json"];
    let ways: [&[&str]; 6] = [
        &["--from", "reports/*.json"],
        &["--from", "r*s/*.json"],
        &["--from", "reports/s*.json", "--from", "reports/billing.json"],
        &["--from", all[0], all[1], all[2]],
        &["--from", "./reports", "--from", all[0]],
        &["--from", "reports/?????*.json", "reports/shop.json"],
    ];
    for way in ways {
        assert_eq!(repo.run(&[&["emit"], way].concat()), expected, "{way:?}");
    }
    let mut command = repo.command(&["emit", "--from"]);
    command.arg(repo.path("reports").join("*.json"));
    assert_eq!(Run::of(command), expected);
    // Two of one name are named by their paths.
    repo.write("more/shop.json", repo.read("reports/shop.json"));
    let run = repo.run(&["emit", "--from", "reports", "more"]).exits(0);
    run.complains("\nmore/shop.json ").complains("\nreports/shop.json ").complains("\nsearch ");
}

#[test]
fn what_is_no_report_to_go_by() {
    let repo = reported(&[], &[]);
    let shop: Value = serde_json::from_str(&repo.read("reports/shop.json")).unwrap();
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut report = shop.clone();
        change(&mut report);
        repo.write("one.json", report.to_string());
        repo.run(&["emit", "--from", "one.json"]).exits(2)
    };
    let run = changed(&|report| report["version"] = json!(2));
    run.complains("error: one.json: version 2 of the report is not known here");
    let run = changed(&|report| *report = json!({"version": 1}));
    run.complains("one.json: not a report: missing field")
        .complains("`ecrewrite check --format json > one.json` writes one");
    let run = changed(&|report| *report = json!([]));
    run.complains("one.json: not a report");
    let run = changed(&|report| drop(report.as_object_mut().unwrap().remove("rules")));
    run.complains("one.json: it does not name the rules in use: report again");
    let run = changed(&|report| report["rules"] = json!([]));
    run.complains("one.json: nginx:1.27 goes through a rule that `rules` does not name");
    let run = changed(&|report| report["findings"][0]["kind"] = json!("nomad"));
    run.complains("one.json: the kind `nomad` is not known here");
    let run = changed(&|report| report["summary"]["accepted"] = json!(3));
    run.complains("one.json: it leaves out what a baseline accepts");
    let run = changed(&|report| report["rules"][0]["prefix"] = json!("x"));
    run.complains("one.json: `x` cannot be the prefix of a cache rule");

    let rewrite = [&["rewrite", "--quiet"][..], &HERE, &RULES].concat();
    repo.run_in("shop", &rewrite).exits(0);
    let revert = [&["revert", "--format", "json"][..], &HERE, &RULES].concat();
    repo.write("back.json", &repo.run_in("shop", &revert).exits(0).stdout);
    repo.run(&["emit", "--from", "back.json"]).exits(2).complains("back.json: it is a report of `revert`");

    repo.run(&["emit", "--from", "none.json"]).exits(2).complains("none.json: cannot be read");
    repo.run(&["emit", "--from", "none/*.json"]).exits(2).complains("none/*.json: no file is named like that");
    repo.run(&["emit", "--from", "shop"]).exits(2).complains("shop: there is no report in it");
    repo.run(&["emit", "shop", "--from", "reports"]).exits(2).complains("cannot be used with");
    repo.run(&["emit", "--from", "reports", "--exclude", "x"]).exits(2).complains("cannot be used with");
}

#[test]
fn reports_that_do_not_agree() {
    let repo = Repo::with(&files());
    let report = |name: &str, folder: &str, args: &[&str]| {
        let run = repo.run_in(folder, &[&["check", "--format", "json"][..], args].concat());
        repo.write(&format!("reports/{name}.json"), &run.stdout);
    };
    let emit = || repo.run(&["emit", "--from", "reports"]);
    report("a", "shop", &["--account", "111122223333", "--region", "eu-central-1", "--rule", "quay.io=quay"]);
    report("b", "shop", &["--account", "444455556666", "--region", "eu-central-1"]);
    emit()
        .exits(2)
        .complains(
            "reports/a.json and reports/b.json name two registries: account 111122223333 and account 444455556666",
        )
        .complains("give `--from` the reports of one at a time");
    report("b", "shop", &["--account", "111122223333", "--region", "us-east-1"]);
    emit().exits(2).complains("name two registries: region eu-central-1 and region us-east-1");
    report("b", "shop", &["--rule", "quay.io=q2"]);
    emit()
        .exits(2)
        .complains("reports/a.json and reports/b.json do not agree on the rules: quay.io=quay and quay.io=q2")
        .complains("configure the same rules in all repositories");
    report("b", "search", &["--rule", "registry.k8s.io=quay"]);
    emit().exits(2).complains("do not agree on the rules: quay.io=quay and registry.k8s.io=quay");
    report("b", "search", &["--rule", "registry.k8s.io=quay/k8s"]);
    emit().exits(2).complains("do not agree on the rules: quay.io=quay and registry.k8s.io=quay/k8s");
    // What is not known does not contradict.
    report("b", "search", &["--rule", "registry.k8s.io=kubernetes"]);
    emit().exits(0).says("in account 111122223333, region eu-central-1").says("kubernetes/*").says("quay/*");

    let run = repo.run(&["emit", "--from", "reports", "--account", "444455556666"]).exits(2);
    run.complains("error: --account and reports/a.json name two registries");
    let run = repo.run(&["emit", "--from", "reports", "--rule", "quay.io=q2"]).exits(2);
    run.complains("error: --rule and reports/a.json do not agree on the rules: quay.io=q2 and quay.io=quay");
    repo.run(&["emit", "--from", "reports/b.json"]).exits(0).says("in account <account>, region <region>");
    let run = repo.run(&[&["emit", "--from", "reports/b.json"][..], &HERE].concat()).exits(0);
    run.says("in account 111122223333, region eu-central-1");

    repo.write("two/ecrewrite.yaml", "overrides: [{paths: [x/], account: \"444455556666\"}]\n");
    repo.write("two/x/pod.yaml", common::pod("nginx:1"));
    repo.write("two/y/pod.yaml", common::pod("nginx:1"));
    report("b", "two", &["--region", "eu-central-1"]);
    report("a", "shop", &["--region", "eu-central-1"]);
    emit().exits(0).says("in account 444455556666");
    let run = repo.run_in("two", &["check", "--format", "json", "--region", "eu-central-1"]);
    let mut both: Value = serde_json::from_str(&run.stdout).unwrap();
    both["rules"][0]["registry"]["account"] = json!("111122223333");
    repo.write("reports/b.json", both.to_string());
    emit().exits(2).complains("reports/b.json names two registries");
}

#[test]
fn errors_of_reports_are_named() {
    let repo = reported(&[("shop/broken.yaml", "kind: Pod\nspec: {image: [\"nginx\n")], &[]);
    let run = from(&repo, &[]).exits(2);
    run.complains("error: reports/shop.json: broken.yaml:").says("aws_ecr_pull_through_cache_rule");
}

/// The page on many repositories: its files are written as it says, and its commands are run, with a stand-in for the
/// engine that runs a command in each of three clones.
#[test]
fn the_recipe() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/many-repositories.md")).unwrap();
    let blocks = |language: &str| -> Vec<String> {
        let start = format!("\n```{language}\n");
        page.split(&start).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
    };
    let repo = Repo::with(&files());
    let scripts = blocks("sh");
    repo.write("all/ecrewrite.yaml", &blocks("yaml")[0]);
    repo.write("all/report.sh", &scripts[0]);
    repo.write("all/rewrite.sh", &scripts[1]);
    let clones: String = ["shop", "billing", "search"]
        .map(|name| format!("(cd '{}' && REPOSITORY=acme/{name} \"$2\")\n", repo.path(name).display()))
        .concat();
    let engine = format!("#!/bin/sh\nset -eu\ncase \"$*\" in *--dry-run*) exit;; esac\n{clones}");
    repo.write("bin/multi-gitter", engine);
    run_shell(&repo, "chmod +x ../bin/multi-gitter");

    run_shell(&repo, &scripts[2]);
    show(&repo, &blocks("console"));
    run_shell(&repo, &scripts[3]);
    fs::remove_dir_all(repo.path("all/cache")).unwrap();
    run_shell(&repo, &scripts[2]);
    show(&repo, &blocks("console after"));
    assert_eq!(scripts.len(), 4, "each block is run");
}

/// Runs lines of a shell in the folder of the recipe, with the program and the engine on the path.
fn run_shell(repo: &Repo, lines: &str) {
    let mut path = vec![repo.path("bin"), PathBuf::from(env!("CARGO_BIN_EXE_ecrewrite")).parent().unwrap().to_owned()];
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap()));
    let mut command = Command::new("sh");
    command.args(["-euc", lines]).current_dir(repo.path("all")).env("PATH", std::env::join_paths(path).unwrap());
    for (name, _) in std::env::vars_os() {
        if ["AWS_", "ECREWRITE_"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(&name);
        }
    }
    Run::of(command).exits(0);
}

/// Holds what the commands of blocks print against what stands below them.
fn show(repo: &Repo, blocks: &[String]) {
    for block in blocks {
        let (command, expected) = block.split_once('\n').unwrap();
        let args: Vec<&str> = command.strip_prefix("$ ecrewrite ").expect("a command").split(' ').collect();
        let run = repo.run_in("all", &args).exits(0);
        assert_eq!(run.stdout + &run.stderr, expected, "{command}");
    }
    assert!(!blocks.is_empty());
}
