//! Cloud assemblies: a template in one goes by its hash, so an assembly changes as a whole or not at all.

#![cfg(feature = "cli")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

const HOST: &str = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
/// CDK takes the hash of a nested template before it prints the template, so it is not the hash of the file.
const NESTED: &str = "5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed5eed";

/// Files by path, sorted.
type Files = BTreeMap<String, String>;

/// A folder of its own, with a repository that ignores `cdk.out`.
struct Repo {
    folder: TempDir,
}

impl Repo {
    fn with(files: &Files) -> Self {
        let repo = Repo { folder: tempfile::Builder::new().prefix("ecrewrite-assembly-").tempdir().unwrap() };
        let git = Command::new("git").args(["init", "--quiet"]).current_dir(repo.folder.path()).status();
        assert!(git.expect("git starts").success());
        repo.write(".gitignore", "cdk.out/\n");
        files.iter().for_each(|(path, text)| repo.write(path, text));
        repo
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Every file but git's own.
    fn files(&self) -> Files {
        fn add(files: &mut Files, top: &Path, folder: &Path) {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                if path.is_dir() && entry.file_name() != ".git" {
                    add(files, top, &path);
                } else if path.is_file() && entry.file_name() != ".gitignore" {
                    let name = path.strip_prefix(top).unwrap().to_str().unwrap().replace('\\', "/");
                    files.insert(name, fs::read_to_string(path).unwrap());
                }
            }
        }
        let mut files = Files::new();
        add(&mut files, self.folder.path(), self.folder.path());
        files
    }

    fn run(&self, args: &[&str]) -> Run {
        self.run_in(".", args)
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy();
            if ["AWS_", "ECREWRITE_", "CLICOLOR", "NO_COLOR"].iter().any(|start| shown.starts_with(start)) {
                command.env_remove(&name);
            }
        }
        command.args(args).args(["--account", "111122223333", "--region", "eu-central-1"]);
        command.current_dir(self.folder.path().join(folder)).stdin(Stdio::null());
        let output = command.output().expect("the program starts");
        Run {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

#[derive(Debug)]
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Run {
    #[track_caller]
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "exit code\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// How many references the report shows with what they become.
    #[track_caller]
    fn rewrites(&self, count: usize) {
        let shown = self.stdout.lines().filter(|line| line.trim_start().starts_with("-> ")).count();
        assert_eq!(shown, count, "rewrites\n{}\n{}", self.stdout, self.stderr);
    }

    #[track_caller]
    fn complains(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "`{part}` is not in stderr\n{}\n{}", self.stdout, self.stderr);
        self
    }
}

fn hash(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// JSON as CDK prints it: indented by one space, without a final newline.
fn print(value: &Value) -> String {
    let by_two = serde_json::to_string_pretty(value).unwrap();
    let halved = by_two.lines().map(|line| &line[(line.len() - line.trim_start().len()) / 2..]);
    halved.collect::<Vec<_>>().join("\n")
}

/// A template with a task definition, and whatever else it holds.
fn template(image: &str, more: &[(&str, Value)]) -> String {
    let task = json!({
        "Type": "AWS::ECS::TaskDefinition",
        "Properties": { "ContainerDefinitions": [{ "Essential": true, "Image": image, "Name": "web" }] },
        "Metadata": { "aws:cdk:path": "App/Task/Resource" }
    });
    let mut resources = json!({ "Task": task });
    for (name, resource) in more {
        resources[*name] = resource.clone();
    }
    print(&json!({ "Resources": resources }))
}

/// The resource by which a template includes a nested one.
fn nested(hash: &str) -> Value {
    let bucket = json!({ "Fn::Sub": "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}" });
    let url = json!({ "Fn::Join": ["", ["https://s3.", { "Ref": "AWS::Region" }, ".", { "Ref": "AWS::URLSuffix" }, "/", bucket, format!("/{hash}.json")]] });
    json!({
        "Type": "AWS::CloudFormation::Stack",
        "Properties": { "TemplateURL": url },
        "Metadata": { "aws:asset:path": "AppInner.nested.template.json", "aws:asset:property": "TemplateURL" }
    })
}

/// An assets file: hashes with the files that go by them.
fn assets(files: &[(&str, &str)]) -> String {
    let mut entries = json!({});
    for (hash, path) in files {
        let extension = path.rsplit('.').next().unwrap();
        entries[*hash] = json!({
            "displayName": path,
            "source": { "path": path, "packaging": "file" },
            "destinations": { "111122223333-eu-central-1": {
                "bucketName": "cdk-hnb659fds-assets-111122223333-eu-central-1",
                "objectKey": format!("{hash}.{extension}"),
                "assumeRoleArn": "arn:${AWS::Partition}:iam::111122223333:role/cdk-hnb659fds-file-publishing"
            } }
        });
    }
    print(&json!({ "version": "48.0.0", "files": entries, "dockerImages": {} }))
}

/// A manifest: stacks with their templates' hashes.
fn manifest(stacks: &[(&str, &str)]) -> String {
    let mut artifacts = json!({ "Tree": { "type": "cdk:tree", "properties": { "file": "tree.json" } } });
    for (stack, hash) in stacks {
        artifacts[format!("{stack}.assets")] =
            json!({ "type": "cdk:asset-manifest", "properties": { "file": format!("{stack}.assets.json") } });
        artifacts[*stack] = json!({
            "type": "aws:cloudformation:stack",
            "environment": "aws://111122223333/eu-central-1",
            "properties": {
                "templateFile": format!("{stack}.template.json"),
                "stackTemplateAssetObjectUrl":
                    format!("s3://cdk-hnb659fds-assets-111122223333-eu-central-1/{hash}.json"),
            },
            "dependencies": [format!("{stack}.assets")]
        });
    }
    print(&json!({ "version": "48.0.0", "artifacts": artifacts }))
}

/// A stack with its assets file; the hash is that of the file, as CDK has it.
fn stack(files: &mut Files, folder: &str, name: &str, template: String) -> String {
    let hash = hash(&template);
    files.insert(format!("{folder}/{name}.assets.json"), assets(&[(&hash, &format!("{name}.template.json"))]));
    files.insert(format!("{folder}/{name}.template.json"), template);
    hash
}

/// An assembly with one stack.
fn one_stack(image: &str) -> Files {
    let mut files = Files::new();
    let hash = stack(&mut files, "cdk.out", "App", template(image, &[]));
    files.insert("cdk.out/manifest.json".into(), manifest(&[("App", &hash)]));
    files
}

/// An assembly with a stack and one nested in it, a stack of which nothing changes, and a stage.
fn assembly() -> Files {
    let mut files = Files::new();
    let app = template("nginx:1.27", &[("Inner", nested(NESTED))]);
    let app_hash = hash(&app);
    let inner = template("redis:7", &[]);
    let templates = [(app_hash.as_str(), "App.template.json"), (NESTED, "AppInner.nested.template.json")];
    files.insert("cdk.out/App.assets.json".into(), assets(&templates));
    files.insert("cdk.out/App.template.json".into(), app);
    files.insert("cdk.out/AppInner.nested.template.json".into(), inner);
    let quiet = stack(&mut files, "cdk.out", "Quiet", template("myapp:dev", &[]));
    files.insert("cdk.out/manifest.json".into(), manifest(&[("App", &app_hash), ("Quiet", &quiet)]));
    files.insert("cdk.out/cdk.out".into(), "{\"version\":\"48.0.0\"}".into());
    let tree = json!({ "version": "tree-0.1", "tree": { "id": "App", "path": "", "children": { "Task": { "id": "Task", "attributes": {
        "aws:cdk:cloudformation:type": "AWS::ECS::TaskDefinition",
        "aws:cdk:cloudformation:props": { "containerDefinitions": [{ "essential": true, "image": "nginx:1.27", "name": "web" }] }
    } } } } });
    files.insert("cdk.out/tree.json".into(), tree.to_string());
    let stage = "cdk.out/assembly-Prod";
    let prod = stack(&mut files, stage, "ProdApp", template("public.ecr.aws/nginx/nginx:1.27", &[]));
    files.insert(format!("{stage}/manifest.json"), manifest(&[("ProdApp", &prod)]));
    files
}

/// The files with every reference as it was, and the changed hashes put back.
fn undone(files: &Files, hashes: &[(String, String)]) -> Files {
    let undo = |text: &String| {
        let mut text = text.replace(&format!("{HOST}/ecr-public/docker/library/"), "");
        text = text.replace(&format!("{HOST}/ecr-public/"), "public.ecr.aws/");
        hashes.iter().fold(text, |text, (old, new)| text.replace(new, old))
    };
    files.iter().map(|(path, text)| (path.clone(), undo(text))).collect()
}

/// Old and new hash of each changed template; the new ones are those of the files.
fn hashes(before: &Files, after: &Files) -> Vec<(String, String)> {
    let of_file = |path: &str| (hash(&before[path]), hash(&after[path]));
    let nested = (NESTED.to_owned(), hash(&after["cdk.out/AppInner.nested.template.json"]));
    vec![of_file("cdk.out/App.template.json"), nested, of_file("cdk.out/assembly-Prod/ProdApp.template.json")]
}

#[track_caller]
fn is_whole(before: &Files, after: &Files) {
    let image = |path: &str, image: &str| {
        assert!(after[path].contains(&format!("\"Image\": \"{HOST}/ecr-public/{image}\"")), "{}", after[path]);
    };
    image("cdk.out/App.template.json", "docker/library/nginx:1.27");
    image("cdk.out/AppInner.nested.template.json", "docker/library/redis:7");
    image("cdk.out/assembly-Prod/ProdApp.template.json", "nginx/nginx:1.27");
    let hashes = hashes(before, after);
    for (path, text) in after.iter().filter(|(path, _)| !path.ends_with("tree.json")) {
        for (old, new) in &hashes {
            assert!(!text.contains(old), "{path} still holds the hash {old}");
            let count = before[path].matches(old.as_str()).count();
            assert_eq!(text.matches(new.as_str()).count(), count, "{path}: {new} in place of {old}");
        }
    }
    assert_eq!(undone(after, &hashes), *before, "nothing else changes");
}

#[test]
fn templates_change_with_their_hashes_everywhere_children_first() {
    let before = assembly();
    let repo = Repo::with(&before);
    repo.run(&["rewrite", "cdk.out"]).exits(0);
    let after = repo.files();
    is_whole(&before, &after);

    let parsed = |path: &str| serde_json::from_str::<Value>(&after[path]).unwrap();
    let app = hash(&after["cdk.out/App.template.json"]);
    let inner = hash(&after["cdk.out/AppInner.nested.template.json"]);
    let files = &parsed("cdk.out/App.assets.json")["files"];
    for (hash, path) in [(&app, "App.template.json"), (&inner, "AppInner.nested.template.json")] {
        assert_eq!(files[hash]["source"]["path"], path);
        let destination = &files[hash]["destinations"]["111122223333-eu-central-1"];
        assert_eq!(destination["objectKey"], format!("{hash}.json"));
    }
    let url = &parsed("cdk.out/manifest.json")["artifacts"]["App"]["properties"]["stackTemplateAssetObjectUrl"];
    assert!(url.as_str().unwrap().ends_with(&format!("/{app}.json")), "{url}");
    let url = &parsed("cdk.out/App.template.json")["Resources"]["Inner"]["Properties"]["TemplateURL"];
    assert!(url.to_string().contains(&format!("/{inner}.json")), "{url}");
}

#[test]
fn the_second_run_changes_nothing() {
    let repo = Repo::with(&assembly());
    repo.run(&["rewrite", "cdk.out"]).exits(0);
    let after = repo.files();
    repo.run(&["rewrite", "cdk.out"]).exits(0);
    assert_eq!(repo.files(), after);
    repo.run(&["check", "cdk.out"]).exits(0);
}

#[test]
fn check_finds_each_reference_once_and_writes_nothing() {
    let before = assembly();
    let repo = Repo::with(&before);
    let run = repo.run(&["check", "cdk.out"]).exits(1);
    run.rewrites(3);
    assert_eq!(repo.files(), before);
}

#[test]
fn an_ignored_assembly_is_read_only_if_it_is_named() {
    let before = assembly();
    let repo = Repo::with(&before);
    let run = repo.run(&["rewrite"]).exits(0);
    run.rewrites(0);
    assert_eq!(repo.files(), before);
    repo.write(".gitignore", "");
    repo.run(&["rewrite"]).exits(0);
    is_whole(&before, &repo.files());
}

#[test]
fn an_assembly_is_one_from_wherever_it_is_named() {
    let before = assembly();
    for (folder, args) in [
        (".", &["rewrite", "./cdk.out/"][..]),
        ("cdk.out", &["rewrite"]),
        ("cdk.out", &["rewrite", "."]),
        ("cdk.out", &["rewrite", "../cdk.out"]),
        ("cdk.out/assembly-Prod", &["rewrite", ".."]),
        ("cdk.out", &["rewrite", "App.template.json", "AppInner.nested.template.json", "assembly-Prod"]),
        (
            ".",
            &["rewrite", "cdk.out/App.template.json", "cdk.out/AppInner.nested.template.json", "cdk.out/assembly-Prod"],
        ),
        (".", &["rewrite", "cdk.out", "cdk.out/assembly-Prod"]),
    ] {
        let repo = Repo::with(&before);
        let run = repo.run_in(folder, args);
        assert_eq!(run.code, Some(0), "{args:?} in {folder}\n{}{}", run.stdout, run.stderr);
        is_whole(&before, &repo.files());
    }
}

#[test]
fn one_template_takes_the_rest_of_its_assembly_along() {
    let before = assembly();
    let repo = Repo::with(&before);
    repo.run(&["rewrite", "cdk.out/AppInner.nested.template.json"]).exits(0);
    let after = repo.files();
    let changed: Vec<&str> = after.keys().filter(|path| after[*path] != before[*path]).map(String::as_str).collect();
    assert_eq!(
        changed,
        [
            "cdk.out/App.assets.json",
            "cdk.out/App.template.json",
            "cdk.out/AppInner.nested.template.json",
            "cdk.out/manifest.json"
        ]
    );
    assert!(after["cdk.out/App.template.json"].contains("\"nginx:1.27\""), "only its hash was to change");
    assert!(after["cdk.out/manifest.json"].contains(&hash(&after["cdk.out/App.template.json"])));
}

#[test]
fn a_hash_that_another_assembly_of_the_stages_holds_changes_there_too() {
    // CDK Pipelines name the assets of a stage in the build projects of the outer stack.
    let mut before = Files::new();
    let stage = "cdk.out/assembly-Prod";
    let prod = stack(&mut before, stage, "ProdApp", template("nginx:1.27", &[]));
    before.insert(format!("{stage}/manifest.json"), manifest(&[("ProdApp", &prod)]));
    // Or in files beside it.
    let commands = format!("phases:\n  build:\n    commands:\n      - cdk-assets publish \"{prod}:current\"\n");
    before.insert("cdk.out/buildspec-Pipeline-FileAsset.yaml".into(), commands);
    let spec = format!("{{\"phases\": {{\"build\": {{\"commands\": [\"cdk-assets publish {prod}:current\"]}}}}}}");
    let project = json!({ "Type": "AWS::CodeBuild::Project", "Properties": { "Source": { "BuildSpec": spec } } });
    let pipeline = stack(&mut before, "cdk.out", "Pipeline", print(&json!({ "Resources": { "Assets": project } })));
    before.insert("cdk.out/manifest.json".into(), manifest(&[("Pipeline", &pipeline)]));

    for (folder, path) in [(".", "cdk.out"), (".", "cdk.out/assembly-Prod"), ("cdk.out/assembly-Prod", ".")] {
        let repo = Repo::with(&before);
        repo.run_in(folder, &["rewrite", path]).exits(0);
        let after = repo.files();
        let new = hash(&after["cdk.out/assembly-Prod/ProdApp.template.json"]);
        assert!(after["cdk.out/Pipeline.template.json"].contains(&format!("{new}:current")), "{path} in {folder}");
        assert!(after["cdk.out/manifest.json"].contains(&hash(&after["cdk.out/Pipeline.template.json"])));
        assert!(after.values().all(|text| !text.contains(&prod) && !text.contains(&pipeline)), "{path} in {folder}");
    }
}

#[test]
fn the_diff_shows_every_file_and_writes_none() {
    let before = assembly();
    let repo = Repo::with(&before);
    let diff = repo.run(&["rewrite", "--diff", "cdk.out"]).exits(0).stdout;
    assert_eq!(repo.files(), before);
    let shown: Vec<&str> = diff.lines().filter_map(|line| line.strip_prefix("--- a/")).collect();
    assert_eq!(
        shown,
        [
            "cdk.out/App.assets.json",
            "cdk.out/App.template.json",
            "cdk.out/AppInner.nested.template.json",
            "cdk.out/assembly-Prod/ProdApp.assets.json",
            "cdk.out/assembly-Prod/ProdApp.template.json",
            "cdk.out/assembly-Prod/manifest.json",
            "cdk.out/manifest.json",
        ]
    );
    repo.write(".git/patch", &diff);
    let git = Command::new("git").args(["apply", ".git/patch"]).current_dir(repo.folder.path()).status();
    assert!(git.unwrap().success(), "git applies it");
    is_whole(&before, &repo.files());
}

#[test]
fn stacks_that_are_the_same_change_in_the_same_way() {
    let mut before = Files::new();
    let one = stack(&mut before, "cdk.out", "One", template("nginx:1.27", &[]));
    let two = stack(&mut before, "cdk.out", "Two", template("nginx:1.27", &[]));
    assert_eq!(one, two);
    before.insert("cdk.out/manifest.json".into(), manifest(&[("One", &one), ("Two", &two)]));
    let repo = Repo::with(&before);
    repo.run(&["rewrite", "cdk.out"]).exits(0);
    let after = repo.files();
    let new = hash(&after["cdk.out/One.template.json"]);
    assert_eq!(after["cdk.out/One.template.json"], after["cdk.out/Two.template.json"]);
    assert_eq!(after["cdk.out/manifest.json"].matches(&new).count(), 2);
}

#[test]
fn a_template_that_goes_by_no_hash_is_a_plain_file() {
    // As the synthesizers without an assets file leave it.
    let text = template("nginx:1.27", &[]);
    let mut before = one_stack("redis:7");
    before.insert("cdk.out/Legacy.template.json".into(), text.clone());
    let repo = Repo::with(&before);
    repo.run(&["rewrite", "cdk.out"]).exits(0);
    let expected = text.replace("nginx:1.27", &format!("{HOST}/ecr-public/docker/library/nginx:1.27"));
    assert_eq!(repo.files()["cdk.out/Legacy.template.json"], expected);
}

#[test]
fn a_template_outside_of_any_assembly_is_a_plain_file() {
    let text = template("nginx:1.27", &[]);
    let mut before = Files::new();
    stack(&mut before, "infra", "App", text.clone());
    before.insert("infra/manifest.json".into(), "{\"name\": \"an app\", \"icons\": []}".into());
    let repo = Repo::with(&before);
    repo.run(&["rewrite"]).exits(0);
    let mut after = repo.files();
    let expected = text.replace("nginx:1.27", &format!("{HOST}/ecr-public/docker/library/nginx:1.27"));
    assert_eq!(after.insert("infra/App.template.json".into(), text).unwrap(), expected);
    assert_eq!(after, before, "nothing else changes");
}

#[test]
fn what_is_staged_under_a_hash_of_its_own_stays() {
    let mut before = one_stack("nginx:1.27");
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      image: nginx:1.27\n";
    let single = format!("asset.{}.yaml", hash(pod));
    let app = hash(&before["cdk.out/App.template.json"]);
    let entries = assets(&[(&app, "App.template.json"), (&hash(pod), &single)]);
    before.insert("cdk.out/App.assets.json".into(), entries);
    before.insert(format!("cdk.out/{single}"), pod.into());
    let inside = format!("cdk.out/asset.{}/pod.yaml", hash("a folder"));
    before.insert(inside.clone(), pod.into());
    let repo = Repo::with(&before);
    repo.run(&["rewrite", "cdk.out"]).exits(0);
    let after = repo.files();
    assert_ne!(after["cdk.out/App.template.json"], before["cdk.out/App.template.json"]);
    assert_eq!(after[&inside], pod, "a file of a staged folder");
    assert_eq!(after[&format!("cdk.out/{single}")], pod, "a staged file");
}

/// Files of which others say something are read twice: the second reading knows of assemblies as the first one does.
#[test]
fn what_another_file_says_of_it_changes_no_staged_file() {
    let ecs = "AWS::ECS::TaskDefinition";
    let task = |image: Value| {
        json!({
            "Parameters": { "Web": { "Type": "String" } },
            "Resources": { "Task": { "Type": ecs, "Properties": { "ContainerDefinitions": [{ "Image": image }] } } },
        })
    };
    let values = "[{\"ParameterKey\": \"Web\", \"ParameterValue\": \"nginx:1.27\"}]\n";
    let module = "locals { web = \"nginx:1.27\" }\nresource \"aws_ecs_task_definition\" \"a\" {\n  \
                  container_definitions = jsonencode([{ image = local.web }])\n}\n";
    let mut before = one_stack("nginx:1.27");
    stack(&mut before, "cdk.out", "App", print(&task(json!({ "Ref": "Web" }))));
    let asset = format!("cdk.out/asset.{}", hash("a folder"));
    before.insert(format!("{asset}/template.json"), print(&task(json!({ "Ref": "Web" }))));
    before.insert(format!("{asset}/values.json"), values.into());
    before.insert(format!("{asset}/main.tf"), module.into());
    before.insert("cdk.out/values.json".into(), values.into());
    let repo = Repo::with(&before);
    let run = repo.run(&["rewrite", "--quiet", "cdk.out"]).exits(0);
    assert_eq!(run.stdout.matches("2 staged-asset").count(), 1, "{}", run.stdout);
    let mut after = repo.files();
    let expected = values.replace("nginx:1.27", &format!("{HOST}/ecr-public/docker/library/nginx:1.27"));
    assert_eq!(after.insert("cdk.out/values.json".into(), values.into()).unwrap(), expected);
    assert_eq!(after, before, "what is staged stays");
}

/// An assembly that cannot change as a whole is left, said so, and nothing else suffers.
#[track_caller]
fn is_refused(assembly: &Files, parts: &[&str]) {
    let mut before = assembly.clone();
    let task = "{\"containerDefinitions\": [{\"name\": \"web\", \"image\": \"nginx:1.27\"}]}\n";
    before.insert("task.json".into(), task.into());
    let repo = Repo::with(&before);
    let mut run = repo.run(&["rewrite", "cdk.out", "task.json"]).exits(2).complains("cdk.out");
    for part in parts {
        run = run.complains(part);
    }
    run.rewrites(1);
    assert!(run.stdout.contains("[assembly]"), "{}", run.stdout);
    let mut after = repo.files();
    let expected = task.replace("nginx:1.27", &format!("{HOST}/ecr-public/docker/library/nginx:1.27"));
    assert_eq!(after.insert("task.json".into(), task.into()).unwrap(), expected);
    assert_eq!(after, before, "the assembly stays as it was");

    fs::write(repo.folder.path().join("task.json"), task).unwrap();
    let diff = repo.run(&["rewrite", "--diff", "cdk.out", "task.json"]).exits(2).stdout;
    assert_eq!(diff.matches("--- a/").count(), 1, "only the other file:\n{diff}");
}

#[test]
fn an_assets_file_that_is_not_json_keeps_all_of_the_assembly() {
    let mut files = assembly();
    files.insert("cdk.out/Quiet.assets.json".into(), "{ \"files\": ".into());
    is_refused(&files, &["cdk.out/Quiet.assets.json", "left as it is"]);
}

#[test]
fn one_hash_for_templates_that_would_differ_keeps_all_of_the_assembly() {
    let mut files = one_stack("nginx:1.27");
    let hash = hash(&files["cdk.out/App.template.json"]);
    files.insert("cdk.out/Twin.template.json".into(), template("myapp:dev", &[]));
    files.insert("cdk.out/Twin.assets.json".into(), assets(&[(&hash, "Twin.template.json")]));
    files.insert("cdk.out/manifest.json".into(), manifest(&[("App", &hash), ("Twin", &hash)]));
    is_refused(&files, &[&hash, "left as it is"]);
}

#[test]
fn a_twin_that_is_not_to_change_keeps_all_of_the_assembly() {
    let mut files = one_stack("nginx:1.27");
    let hash = stack(&mut files, "cdk.out", "Twin", template("nginx:1.27", &[]));
    files.insert("cdk.out/manifest.json".into(), manifest(&[("App", &hash), ("Twin", &hash)]));
    files.insert("ecrewrite.yaml".into(), "exclude: [Twin.template.json]\n".into());
    is_refused(&files, &[&hash]);
}

#[test]
fn check_says_what_rewrite_would_refuse() {
    let mut files = assembly();
    files.insert("cdk.out/Quiet.assets.json".into(), "{ \"files\": ".into());
    let run = Repo::with(&files).run(&["check", "cdk.out"]).exits(2).complains("cdk.out/Quiet.assets.json");
    assert!(run.stdout.contains("[assembly]"), "{}", run.stdout);
    run.rewrites(0);
}

#[test]
fn the_same_assembly_gives_the_same_bytes() {
    let results: Vec<(String, Files)> = (0..3)
        .map(|_| {
            let repo = Repo::with(&assembly());
            (repo.run(&["rewrite", "cdk.out"]).exits(0).stdout, repo.files())
        })
        .collect();
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
}

#[cfg(unix)]
#[test]
fn a_read_only_file_keeps_all_of_the_assembly() {
    use std::os::unix::fs::PermissionsExt;

    let before = assembly();
    let repo = Repo::with(&before);
    let manifest = repo.folder.path().join("cdk.out/manifest.json");
    fs::set_permissions(&manifest, fs::Permissions::from_mode(0o444)).unwrap();
    repo.run(&["rewrite", "cdk.out"]).exits(2).complains("cdk.out/manifest.json").complains("read-only");
    assert_eq!(repo.files(), before, "no file is changed, and no temporary one is left");
}
