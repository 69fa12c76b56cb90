//! Runs over some files of a repository: `--files-from`, and files that are named. Only these are reported and edited, and
//! each becomes what a run over everything makes of it.
#![cfg(feature = "cli")]

mod common;

use std::collections::BTreeMap;

use common::{HERE, Repo, Run, cached, nginx, pod, task};

impl Repo {
    /// A run with a list on standard input, each name ended by NUL.
    fn run_listed(&self, verb: &str, list: &[&str], more: &[&str]) -> Run {
        let names: Vec<u8> = list.iter().flat_map(|name| [name.as_bytes(), b"\0"].concat()).collect();
        self.run_on(names, &[&[verb, "--files-from", "-", "--null"], more, &HERE].concat())
    }
}

#[test]
fn only_listed_files_are_reported_and_edited() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27")), ("b.json", task("nginx:1.27"))]);
    let run = repo.run_listed("rewrite", &["a.json"], &[]).exits(0).complains_not();
    assert!(!run.stdout.contains("b.json"), "{}", run.stdout);
    assert_eq!(repo.read("a.json"), task(&nginx()));
    assert_eq!(repo.read("b.json"), task("nginx:1.27"));
}

#[test]
fn a_list_may_name_anything_that_git_names() {
    let repo =
        Repo::with(&[("src/main.rs", "fn main() {}\n"), ("a b,c%.json", &task("nginx:1.27")), ("sub/x.json", "")]);
    let run = repo.run_listed("check", &["src/main.rs", "a b,c%.json", "sub"], &[]).exits(1);
    run.says("a b,c%.json").complains_not();
    repo.run_listed("check", &[], &[]).exits(0).says("no file was found").complains_not();
    repo.run_listed("check", &["gone.json"], &[]).exits(2).complains("gone.json: there is no such file");
}

#[test]
fn a_list_of_lines_and_one_in_a_file() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27")), ("list", "a.json\r\n\n".into())]);
    repo.run_here(&["check", "--files-from", "list"]).exits(1).says(&nginx());
    repo.run_on("a.json\n", &[&["check", "--files-from", "-"], &HERE[..]].concat()).exits(1).says(&nginx());
    repo.run_here(&["check", "--files-from", "none"]).exits(2).complains("--files-from: none cannot be read");
    repo.run_on("a.json\0", &["check", "--files-from", "-"])
        .exits(2)
        .complains("`--null` says that they end the names");
    repo.run_on("\"a\\303\\244.json\"\n", &["check", "--files-from", "-"])
        .exits(2)
        .complains("`git diff --name-only -z` prints it as it is");
    repo.run_here(&["check", "--files-from", "list", "a.json"]).exits(2).complains("cannot be used with");
    repo.run_here(&["check", "--null"]).exits(2).complains("--files-from");
}

#[test]
fn names_that_are_not_utf8_are_read() {
    use std::os::unix::ffi::OsStrExt;
    let repo = Repo::with::<&str>(&[]);
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.json");
    if std::fs::write(repo.folder.path().join(name), task("nginx:1.27")).is_err() {
        return; // a file system that takes UTF-8 only
    }
    repo.run_on(b"caf\xe9.json\0", &[&["check", "--files-from", "-", "--null"], &HERE[..]].concat()).exits(1);
}

#[test]
fn patterns_hold_for_named_files_only_when_forced() {
    let config = "exclude: [vendor/]\n".to_owned();
    let files = [("ecrewrite.yaml", config), ("vendor/a.json", task("nginx:1.27")), ("b.json", task("nginx:1.27"))];
    let repo = Repo::with(&files);
    let both = ["vendor/a.json", "b.json"];
    repo.run_listed("check", &both, &[]).exits(1).says("vendor/a.json").says("b.json");
    repo.run_listed("check", &both, &["--force-exclude"]).exits(1).says_not("vendor/a.json").says("b.json");
    repo.run_here(&["check", "vendor/a.json", "b.json"]).says("vendor/a.json");
    repo.run_here(&["check", "--force-exclude", "vendor/a.json", "b.json"]).exits(1).says_not("vendor").says("b.json");
    repo.run_here(&["check", "--force-exclude", "--exclude", "b.json", "b.json"]).exits(0).says_not("nginx");

    let repo = Repo::with(&[
        ("ecrewrite.yaml", "only: [deploy/]\n".to_owned()),
        ("deploy/a.json", task("nginx:1.27")),
        ("node_modules/x/a.json", task("nginx:1.27")),
        ("b.json", task("nginx:1.27")),
    ]);
    let all = ["deploy/a.json", "b.json", "node_modules/x/a.json"];
    let run = repo.run_listed("check", &all, &["--force-exclude"]).exits(1);
    run.says("deploy/a.json").says_not("b.json").says_not("node_modules");
    repo.run_listed("check", &all, &[]).exits(1).says("b.json").says("node_modules/x/a.json");
}

/// What each file becomes, with `rewrite` over everything and over each file by itself.
#[track_caller]
fn alike(files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let whole = Repo::with(files);
    whole.run_here(&["rewrite"]).exits(0);
    let expected: BTreeMap<&str, &str> = expected.iter().copied().collect();
    for (name, before) in files {
        let after = expected.get(name).map_or((*before).to_owned(), |new| (*new).to_owned());
        assert_eq!(whole.read(name), after, "{name}, with everything");
        for named in [false, true] {
            let repo = Repo::with(files);
            match named {
                true => repo.run_here(&["rewrite", name]).exits(0),
                false => repo.run_listed("rewrite", &[name], &[]).exits(0),
            };
            for (other, text) in files {
                let is_right = repo.read(other) == if other == name { after.as_str() } else { text };
                assert!(is_right, "{other}, when only {name} is asked for: {}", repo.read(other));
            }
        }
    }
}

#[test]
fn values_of_a_terraform_module_are_followed_to_and_from_files_that_are_not_listed() {
    let main =
        "resource \"kubernetes_pod\" \"web\" {\n  spec {\n    container {\n      image = var.web\n    }\n  }\n}\n";
    let variables = "variable \"web\" {\n  default = \"nginx:1.27\"\n}\n";
    let after = variables.replace("nginx:1.27", &nginx());
    alike(&[("infra/main.tf", main), ("infra/variables.tf", variables)], &[("infra/variables.tf", &after)]);
    // One that is also used where no image stands.
    let shared = format!("{main}output \"web\" {{\n  value = \"we run ${{var.web}}\"\n}}\n");
    alike(&[("infra/main.tf", &shared), ("infra/variables.tf", variables)], &[]);
    let elsewhere = "output \"web\" {\n  value = \"we run ${var.web}\"\n}\n";
    alike(&[("i/main.tf", main), ("i/variables.tf", variables), ("i/outputs.tf", elsewhere)], &[]);
}

#[test]
fn names_that_kustomizations_find_stay() {
    let (web, other) = (pod("nginx:1.27"), pod("redis:7"));
    let base = "resources: [web.yaml, other.yaml]\n";
    let overlay = "resources: [../../base]\nimages:\n  - name: nginx\n    newTag: \"1.28\"\n";
    let rewritten = pod(&cached("docker/library/redis:7"));
    let files = [
        ("shop/base/kustomization.yaml", base),
        ("shop/base/web.yaml", &web),
        ("shop/base/other.yaml", &other),
        ("shop/overlays/production/kustomization.yaml", overlay),
    ];
    alike(&files, &[("shop/base/other.yaml", &rewritten)]);
}

#[test]
fn parameters_of_a_template_above_are_followed() {
    let template = "Parameters:\n  Web:\n    Type: String\nResources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n        - Name: web\n          Image: !Ref Web\n";
    let values = "[{\"ParameterKey\": \"Web\", \"ParameterValue\": \"nginx:1.27\"}]\n";
    let after = values.replace("nginx:1.27", &nginx());
    alike(
        &[("template.yaml", template), ("environments/eu/web.json", values)],
        &[("environments/eu/web.json", &after)],
    );
}

#[test]
fn errors_of_files_beside_are_not_told() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27")), ("b.json", "{\"image\": nginx".to_owned())]);
    repo.run_listed("check", &["a.json"], &[]).exits(1).complains_not();
    repo.run_listed("check", &["b.json"], &[]).exits(2).complains("b.json:1:");
}

#[test]
fn rules_that_stand_in_files_do_not_hold_for_some_files() {
    let rule = "resource \"aws_ecr_pull_through_cache_rule\" \"quay\" {\n  ecr_repository_prefix = \"mirror\"\n  upstream_registry_url = \"quay.io\"\n}\n";
    let repo = Repo::with(&[("cache.tf", rule.to_owned()), ("a.json", task("quay.io/a/b:1"))]);
    repo.run_here(&["check"]).exits(1).says("/mirror/a/b:1");
    for list in [&["a.json"][..], &["cache.tf", "a.json"]] {
        repo.run_listed("check", list, &[]).exits(0).says("[no-rule]");
        repo.run_here(&[&["check"], list].concat()).exits(0).says("[no-rule]");
    }
    repo.write("ecrewrite.yaml", "rules: {quay.io: mirror}\n");
    repo.run_listed("check", &["a.json"], &[]).exits(1).says("/mirror/a/b:1");
}

#[test]
fn links_are_followed_as_in_a_walk() {
    use std::os::unix::fs::symlink;
    let outside = Repo::with(&[("a.json", task("nginx:1.27"))]);
    let repo = Repo::with(&[("b.json", task("nginx:1.27"))]);
    symlink(outside.path("a.json"), repo.path("out.json")).unwrap();
    symlink("b.json", repo.path("in.json")).unwrap();
    symlink("nowhere.json", repo.path("dead.json")).unwrap();
    repo.run_listed("rewrite", &["out.json", "in.json", "dead.json"], &[]).exits(0).says("[outside-link]");
    assert_eq!(outside.read("a.json"), task("nginx:1.27"));
    assert_eq!(repo.read("b.json"), task("nginx:1.27"));
}
