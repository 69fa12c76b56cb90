//! What is delivered agrees with itself: one version, one home, one set of files in all places that name them.
#![cfg(feature = "cli")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use ecrewrite::Format;
use regex::Regex;
use serde_yaml::Value;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// `owner/name`, as `Cargo.toml` says it.
fn home() -> &'static str {
    env!("CARGO_PKG_REPOSITORY").strip_prefix("https://github.com/").expect("the repository is on GitHub")
}

#[test]
fn all_places_name_one_version() {
    let action: Value = serde_yaml::from_str(&read("action.yml")).unwrap();
    assert_eq!(action["inputs"]["version"]["default"], VERSION);

    let changelog = read("CHANGELOG.md");
    let head = changelog.lines().find_map(|line| line.strip_prefix("## ")).expect("CHANGELOG.md has a version");
    assert_eq!(head, VERSION, "the first version of CHANGELOG.md");

    // Maturin takes the version from `Cargo.toml`.
    let wheel = read("pyproject.toml");
    assert!(wheel.lines().any(|line| line.starts_with("dynamic = [\"version\"")) && !wheel.contains("\nversion"));
    assert!(wheel.contains(&format!("\nlicense = \"{}\"\n", env!("CARGO_PKG_LICENSE"))));

    let lock = read("Cargo.lock");
    assert!(lock.contains(&format!("name = \"ecrewrite\"\nversion = \"{VERSION}\"\n")));

    // The packages for JavaScript and Python; Maturin takes the version of the latter from its `Cargo.toml`.
    for name in ["npm", "python"] {
        let manifest = read(format!("bindings/{name}/Cargo.toml"));
        let own = manifest.lines().find_map(|line| line.strip_prefix("version = "));
        assert_eq!(own, Some(format!("{VERSION:?}").as_str()), "bindings/{name}");
        let core = format!("ecrewrite = {{ path = \"../..\", version = {VERSION:?}, ");
        assert!(manifest.contains(&core), "bindings/{name} is of another version of the library");
        assert!(lock.contains(&format!("name = \"ecrewrite-{name}\"\nversion = \"{VERSION}\"\n")));
    }
    let package: Value = serde_yaml::from_str(&read("bindings/npm/package.json")).unwrap();
    assert_eq!(package["version"], VERSION);
    let module = read("bindings/python/pyproject.toml");
    assert!(module.lines().any(|line| line == "dynamic = [\"version\"]") && !module.contains("\nversion"));

    // What people copy: `uses: OWNER/NAME@vX.Y.Z`, `rev: vX.Y.Z`, `ecrewrite==X.Y.Z`.
    let copied = Regex::new(&format!(r"(?:{}@v|rev: v|ecrewrite==)([0-9][^\s\x60\]]*)", home())).unwrap();
    let mut seen = 0;
    for (name, text) in documents() {
        for found in copied.captures_iter(&text) {
            assert_eq!(&found[1], VERSION, "{name}: {}", &found[0]);
            seen += 1;
        }
    }
    assert!(seen >= 3, "the documents show how to use a release");
}

/// The release workflow says which tag it runs for.
#[test]
fn the_tag_of_a_release_is_its_version() {
    let tag = std::env::var("ECREWRITE_TAG").unwrap_or_else(|_| format!("v{VERSION}"));
    assert_eq!(tag.strip_prefix('v'), Some(VERSION), "the tag is {tag}, and Cargo.toml says {VERSION}");
}

#[test]
fn all_places_name_one_home() {
    let action: Value = serde_yaml::from_str(&read("action.yml")).unwrap();
    assert_eq!(action["runs"]["steps"][0]["env"]["REPOSITORY"], home());

    // The registry of npm takes no package whose repository is another than the one that built it.
    let package: Value = serde_yaml::from_str(&read("bindings/npm/package.json")).unwrap();
    assert_eq!(package["repository"]["url"], format!("git+https://github.com/{}.git", home()));
    let module = read("bindings/python/pyproject.toml");
    assert!(module.contains(&format!("\nRepository = \"https://github.com/{}\"\n", home())));

    let name = home().rsplit('/').next().unwrap();
    let uses = Regex::new(&format!(r"uses: ([\w.-]+/{name})@")).unwrap();
    let links = Regex::new(&format!(r"github\.com/([\w.-]+/{name})\b")).unwrap();
    for (file, text) in documents().into_iter().chain([("action.yml".to_owned(), read("action.yml"))]) {
        for found in uses.captures_iter(&text).chain(links.captures_iter(&text)) {
            assert_eq!(&found[1], home(), "{file}");
        }
    }
}

/// Workflows, and what the documents show of them.
#[test]
fn actions_of_others_are_pinned() {
    let uses = Regex::new(r"uses: *(\S+)(.*)").unwrap();
    let pinned = Regex::new(r"^[\w.-]+(/[\w.-]+)+@[0-9a-f]{40}$").unwrap();
    let version = Regex::new(r"^ # v\d+\.\d+\.\d+$").unwrap();
    let workflows = files(".github/workflows").into_iter().map(|file| (file.display().to_string(), read(file)));
    let mut pins: BTreeSet<(String, String)> = BTreeSet::new();
    for (name, text) in workflows.chain(documents()) {
        for found in uses.captures_iter(&text) {
            let (action, comment) = (&found[1], &found[2]);
            if action == "./" || action.starts_with(&format!("{}@v", home())) {
                continue;
            }
            assert!(pinned.is_match(action) && version.is_match(comment), "{name}: {}", &found[0]);
            let (of, commit) = action.split_once('@').unwrap();
            pins.insert((of.split('/').take(2).collect::<Vec<_>>().join("/"), format!("{commit}{comment}")));
        }
    }
    let names: BTreeSet<&String> = pins.iter().map(|(name, _)| name).collect();
    assert_eq!(names.len(), pins.len(), "each at one commit: {pins:#?}");
}

/// What the documents and our own workflow hand to the action and take from it.
#[test]
fn examples_use_inputs_and_outputs_that_there_are() {
    let action: Value = serde_yaml::from_str(&read("action.yml")).unwrap();
    let blocks = Regex::new(r"(?ms)^```yaml\n(.*?)^```$").unwrap();
    let mut workflows: Vec<(String, String)> = vec![("ci.yml".to_owned(), read(".github/workflows/ci.yml"))];
    for (name, text) in documents() {
        let blocks = blocks.captures_iter(&text).map(|block| block[1].to_owned());
        workflows.extend(blocks.filter(|block| block.contains("\njobs:")).map(|block| (name.clone(), block)));
    }
    let outputs = Regex::new(r"steps\.([\w-]+)\.outputs\.([\w-]+)").unwrap();
    let mut seen = BTreeSet::new();
    for (name, text) in workflows {
        let workflow: Value = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let jobs = workflow["jobs"].as_mapping().into_iter().flatten();
        for step in jobs.filter_map(|(_, job)| job["steps"].as_sequence()).flatten() {
            let uses = step["uses"].as_str().unwrap_or_default();
            if uses != "./" && !uses.starts_with(&format!("{}@", home())) {
                continue;
            }
            for (input, _) in step["with"].as_mapping().into_iter().flatten() {
                assert!(!action["inputs"][input].is_null(), "{name}: there is no input {input:?}");
                seen.insert(input.as_str().unwrap().to_owned());
            }
            let Some(id) = step["id"].as_str() else { continue };
            for output in outputs.captures_iter(&text).filter(|output| &output[1] == id) {
                assert!(!action["outputs"][&output[2]].is_null(), "{name}: there is no output {}", &output[2]);
            }
        }
    }
    assert!(seen.len() > 6, "the examples show most inputs: {seen:?}");
}

/// What is published is what was built from the tag, by jobs that are known without a secret; the release comes last.
#[test]
fn a_release_is_published_once_all_else_is() {
    let text = read(".github/workflows/release.yml");
    let workflow: Value = serde_yaml::from_str(&text).unwrap();
    let jobs: BTreeMap<&str, &Value> =
        workflow["jobs"].as_mapping().unwrap().iter().map(|(name, job)| (name.as_str().unwrap(), job)).collect();
    let words = |value: &Value| -> BTreeSet<String> {
        let one = value.as_str().map(str::to_owned);
        let all = value.as_sequence().into_iter().flatten().map(|word| word.as_str().unwrap().to_owned());
        all.chain(one).collect()
    };
    let steps = |job: &Value, action: &str| -> Vec<Value> {
        let is_meant = |step: &&Value| step["uses"].as_str().is_some_and(|uses| uses.starts_with(action));
        job["steps"].as_sequence().unwrap().iter().filter(is_meant).cloned().collect()
    };
    assert!(!text.contains("secrets."), "nothing is published with a secret");

    let compares = "ECREWRITE_TAG=$GITHUB_REF_NAME cargo test --locked --test delivery";
    let checks = jobs["check"]["steps"].as_sequence().unwrap();
    assert!(checks.iter().any(|step| step["run"] == compares), "the tag is compared with the versions");

    let mut published = BTreeSet::new();
    let mut environments = BTreeSet::new();
    for (name, job) in &jobs {
        let Some(environment) = job["environment"].as_str() else { continue };
        published.insert((*name).to_owned());
        assert!(environments.insert(environment), "{name}: {environment} is that of another job");
        assert_eq!(words(&job["needs"]), BTreeSet::from(["draft".to_owned()]), "{name}");
        assert_eq!(job["permissions"]["id-token"], "write", "{name}");
        let others = job["permissions"].as_mapping().unwrap().iter().filter(|(of, _)| *of != "id-token");
        assert!(others.into_iter().all(|(of, may)| (of.as_str(), may.as_str()) == (Some("contents"), Some("read"))));
    }
    assert_eq!(published, ["crate", "module", "npm", "wheels"].map(str::to_owned).into());
    assert_eq!(words(&jobs["publish"]["needs"]), published, "the release is published last");

    // What is built is attested, and each of the packages goes to one registry.
    let attested = steps(jobs["draft"], "actions/download-artifact")[0]["with"]["pattern"].as_str().unwrap().to_owned();
    let attested = attested.trim_start_matches('{').trim_end_matches("}-*").split(',').collect::<BTreeSet<_>>();
    let (mut built, mut builders) = (BTreeSet::new(), BTreeSet::new());
    for (name, job) in &jobs {
        for upload in steps(job, "actions/upload-artifact") {
            built.insert(upload["with"]["name"].as_str().unwrap().split('-').next().unwrap().to_owned());
            builders.insert((*name).to_owned());
            assert_eq!(words(&job["needs"]), BTreeSet::from(["check".to_owned()]), "{name}");
        }
    }
    assert_eq!(attested, built.iter().map(String::as_str).collect());
    assert_eq!(words(&jobs["draft"]["needs"]), builders);
    let of_job = |job: &str| {
        let with = &steps(jobs[job], "actions/download-artifact")[0]["with"];
        let name = with["pattern"].as_str().or(with["name"].as_str()).unwrap();
        name.split('-').next().unwrap().to_owned()
    };
    assert_eq!(["wheels", "module", "npm"].map(of_job), ["wheels", "modules", "package"]);
}

/// What is released is built by the tools that checked it.
#[test]
fn the_tools_of_a_release_are_those_of_the_checks() {
    let pinned = Regex::new(r"maturin==([\d.]+)").unwrap();
    let texts = [".github/workflows/release.yml", ".ci/check-wheel", ".ci/check-python"].map(read);
    let versions = texts.iter().flat_map(|text| pinned.captures_iter(text)).map(|found| found[1].to_owned());
    let versions: Vec<String> = versions.collect();
    assert!(versions.len() >= 4 && versions.iter().all(|version| *version == versions[0]), "{versions:?}");
}

/// A job may do what it says, and the workflow as a whole nothing.
#[test]
fn no_workflow_has_permissions_as_a_whole() {
    for file in files(".github/workflows") {
        let workflow: Value = serde_yaml::from_str(&read(&file)).unwrap();
        assert!(workflow["permissions"].as_mapping().is_some_and(|all| all.is_empty()), "{}", file.display());
        for (name, job) in workflow["jobs"].as_mapping().unwrap() {
            assert!(job["permissions"].is_mapping(), "{}: {name:?} says what it needs", file.display());
        }
    }
}

#[test]
fn the_tables_have_every_input_and_output() {
    let action: Value = serde_yaml::from_str(&read("action.yml")).unwrap();
    let names = |key: &str| -> Vec<String> {
        let entries = action[key].as_mapping().unwrap().iter();
        entries.map(|(name, _)| name.as_str().unwrap().to_owned()).collect()
    };
    let page = read("docs/pull-requests.md");
    let table = |heading: &str| -> Vec<(String, String)> {
        let lines =
            page.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.starts_with("## "));
        let rows = lines.filter_map(|line| line.strip_prefix("| `"));
        let cells = rows.map(|row| row.split_once("` | ").unwrap());
        cells.map(|(name, rest)| (name.to_owned(), rest.to_owned())).collect()
    };
    let inputs = table("## Inputs");
    assert_eq!(inputs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), names("inputs"));
    for (name, rest) in inputs {
        let default = action["inputs"][name.as_str()]["default"].as_str().unwrap();
        let shown = if default.is_empty() { "– |".to_owned() } else { format!("`{default}` |") };
        assert!(rest.starts_with(&shown), "{name}: the default is {default:?}, and the table says {rest}");
    }
    let outputs: Vec<String> = table("## Outputs").into_iter().map(|(name, _)| name).collect();
    assert_eq!(outputs, names("outputs"));
}

/// The hooks hand over the files that the program reads. It refuses others by name, so there may be no more of them.
#[test]
fn the_hooks_take_the_files_that_are_read() {
    let hooks: Value = serde_yaml::from_str(&read(".pre-commit-hooks.yaml")).unwrap();
    let hooks = hooks.as_sequence().unwrap();
    let text = |hook: &Value, key: &str| hook[key].as_str().unwrap().to_owned();
    assert_eq!(hooks.iter().map(|hook| text(hook, "id")).collect::<Vec<_>>(), ["ecrewrite", "ecrewrite-check"]);
    assert_eq!((&hooks[0]["files"], &hooks[0]["exclude"]), (&hooks[1]["files"], &hooks[1]["exclude"]));

    let takes = Regex::new(&text(&hooks[0], "files")).unwrap();
    let leaves = Regex::new(&text(&hooks[0], "exclude")).unwrap();
    for path in ["-x.yaml", "--output=json=x.json", "--output=json=/reports/x.yaml"] {
        assert!(leaves.is_match(path), "{path} would be an option");
    }
    let mut count = 0;
    for path in files("testdata").iter().chain(&files("src")).chain(&files("docs")) {
        let path = path.to_str().unwrap();
        let is_taken = takes.is_match(path) && !leaves.is_match(path);
        assert_eq!(is_taken, Format::of_path(path).is_some(), "{path}");
        count += usize::from(is_taken);
    }
    assert!(count > 500, "{count} files are enough to tell");

    // What `testdata` has too few of, and what looks similar.
    for path in "Dockerfile DOCKERFILE a/dockerfile.dev app.Dockerfile Containerfile.x app.containerfile Kustomization
        docker-bake.hcl docker-bake.release.hcl SAMconfig.toml x.tf x.tf.json x.tofu x.tfvars x.tfvars.json a.template
        a.tftpl a.json.tpl a.yaml.tpl a.yml.tpl a.tf.tpl a.json.j2 a.yaml.j2 a.yml.j2 a.yaml.tmpl a.json.tmpl
        a.yaml.gotmpl a.yaml.jinja2 compose.yml .gitlab-ci.yml .devcontainer.json Dockerfile.json Dockerfile.yaml
        a.yml.tmpl a.yml.gotmpl .yaml .json a/.tf x.yaml.bak Dockerfile.md Dockerfile.bak dockerfile_notes Mydockerfile
        dockerfile.d.ts a.dockerfile.sh bake.hcl main.hcl kustomization.txt samconfig.yaml.old x.toml a.tpl tf yaml x.YAML
        Dockerfile.dockerignore dockerfile/notes.txt dockerfile/app.py dockerfile.d/main.rs"
        .split_whitespace()
    {
        let is_taken = takes.is_match(path) && !leaves.is_match(path);
        assert_eq!(is_taken, Format::of_path(path).is_some(), "{path}");
    }
}

/// The texts about what is delivered, by name.
fn documents() -> Vec<(String, String)> {
    let names =
        ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/pull-requests.md", "docs/codemods.md"];
    names.map(|name| (name.to_owned(), read(name))).into()
}

/// All files below a folder, by their paths from the root of the repository.
fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            match entry.file_type().unwrap() {
                kind if kind.is_dir() => folders.push(entry.path()),
                kind if kind.is_file() => found.push(entry.path().strip_prefix(root).unwrap().to_owned()),
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn read(name: impl AsRef<Path>) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.replace("\r\n", "\n")
}
