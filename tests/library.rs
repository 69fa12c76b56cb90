//! The library as those use it who write migration scripts, and the examples of `examples`, run.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecrewrite::{
    Applicability, CustomPlace, Format, ImageRef, ImageRefError, Kinds, Language, OfficialRoute, Options, Outcome,
    Policy, Reason, Registry, Rewriter, SiteKind, Unknown, Verdict,
};

#[path = "../examples/codemod.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is a program as well")]
mod codemod;
#[path = "../examples/diff.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is a program as well")]
mod diff;
#[path = "../examples/directory.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is a program as well")]
mod directory;
#[path = "../examples/git_tree.rs"]
#[allow(dead_code, unreachable_pub, reason = "it is a program as well")]
mod git_tree;

const HOST: &str = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";

fn policy() -> Policy {
    let registry = Registry::new(Some("111122223333"), Some("eu-central-1")).unwrap();
    Policy::new(registry, vec!["quay.io=quay".parse().unwrap()], OfficialRoute::EcrPublic).unwrap()
}

fn pod(image: &str) -> String {
    format!(
        "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: {image}\n"
    )
}

/// A folder of its own, empty.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn a_text_without_a_name_is_read_as_its_format() {
    let rewriter = Rewriter::new(policy());
    let cached = format!("{HOST}/ecr-public/docker/library/nginx:1.27");
    let yaml = Format::Document(Language::Yaml);
    let rewritten = rewriter.rewrite(yaml, &pod("nginx:1.27"));
    assert_eq!((rewritten.report.path.as_str(), rewritten.text), ("", Some(pod(&cached))));

    // The format decides, and not what the text might be.
    let task = r#"{"containerDefinitions": [{"image": "nginx:1.27"}]}"#;
    assert_eq!(rewriter.rewrite(Format::Terraform(Language::Hcl), task).text, None);
    assert!(rewriter.rewrite(Format::Document(Language::Json), task).text.is_some());
    assert_eq!(rewriter.check("notes.txt", task).findings, []);

    let mut options = Options::default();
    options.also = Kinds::named("dockerfile").unwrap();
    options.threshold = Applicability::Unsafe;
    let dockerfile = Format::Named(SiteKind::Dockerfile, Language::Dockerfile);
    let rewritten = rewriter.with_options(options).rewrite(dockerfile, "FROM nginx:1.27\n");
    assert_eq!(rewritten.text, Some(format!("FROM {cached}\n")));
}

#[test]
fn what_check_promises_rewrite_does() {
    let rewriter = Rewriter::new(policy());
    let text = pod("quay.io/prometheus/node-exporter:v1.9.0");
    let report = rewriter.check("pod.yaml", &text);
    let rewritten = rewriter.rewrite("pod.yaml", &text);
    assert_eq!(report, rewritten.report);
    let edits = report.rewrites().flat_map(|(_, _, fix)| &fix.edits);
    assert_eq!(ecrewrite::apply(&text, edits).ok(), rewritten.text);
    let again = rewriter.rewrite("pod.yaml", rewritten.text.as_deref().unwrap());
    assert_eq!(again.text, None);
    assert!(matches!(&again.report.findings[0].outcome, Outcome::Cached { rule, .. } if rule == "quay"));
}

#[test]
fn a_placeholder_is_shown_and_never_written() {
    let policy = Policy::new(Registry::unknown(), Vec::new(), OfficialRoute::EcrPublic).unwrap();
    let rewriter = Rewriter::new(policy);
    let text = pod("nginx:1.27");
    let shown = rewriter.check("pod.yaml", &text);
    let (_, to, _) = shown.rewrites().next().unwrap();
    assert_eq!(to, "<account>.dkr.ecr.<region>.amazonaws.com/ecr-public/docker/library/nginx:1.27");

    let rewritten = rewriter.rewrite("pod.yaml", &text);
    assert_eq!(rewritten.text, None);
    assert_eq!(rewritten.report.findings[0].outcome, Outcome::Left(Reason::NoRegistry));
    let mut options = Options::default();
    options.unknown = Unknown::Left;
    assert_eq!(rewriter.with_options(options).check("pod.yaml", &text), rewritten.report);
}

/// The name by which a kustomization finds an image stays, and what the kustomization says of it changes.
#[test]
fn files_that_belong_together_are_read_together() {
    let kustomization = "resources: [pod.yaml]\nimages:\n  - name: nginx\n    newName: nginx\n    newTag: \"1.28\"\n";
    let tree = BTreeMap::from([
        ("app/kustomization.yaml", kustomization.to_owned()),
        ("app/pod.yaml", pod("nginx:1.27")),
        ("other/pod.yaml", pod("nginx:1.27")),
    ]);
    let alone = Rewriter::new(policy());
    assert!(alone.rewrite("app/pod.yaml", &tree["app/pod.yaml"]).text.is_some());
    let rewriter = alone.with_files(&tree);
    let matched = rewriter.rewrite("app/pod.yaml", &tree["app/pod.yaml"]);
    assert_eq!(matched.text, None);
    assert_eq!(matched.report.findings[0].outcome, Outcome::Left(Reason::Matched));
    let replaced = rewriter.rewrite("app/kustomization.yaml", kustomization).text.unwrap();
    assert!(replaced.contains(&format!("newName: {HOST}/ecr-public/docker/library/nginx\n")), "{replaced}");
    assert!(rewriter.rewrite("other/pod.yaml", &tree["other/pod.yaml"]).text.is_some());
}

/// A value for a template's parameter is an image where the template says so, whichever file comes first.
#[test]
fn values_of_parameters_follow_their_template() {
    let template = "Parameters:\n  Image:\n    Type: String\nResources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties:\n      ContainerDefinitions:\n        - Name: web\n          Image: !Ref Image\n";
    let values = r#"[{"ParameterKey": "Image", "ParameterValue": "nginx:1.27"}]"#;
    let tree = [("stack/template.yaml", template), ("stack/parameters.json", values)];
    let forwards = Rewriter::new(policy()).with_files(tree);
    let backwards = Rewriter::new(policy()).with_files(tree.into_iter().rev());
    let cached = format!("{HOST}/ecr-public/docker/library/nginx:1.27");
    for rewriter in [forwards, backwards] {
        let rewritten = rewriter.rewrite("stack/parameters.json", values);
        assert_eq!(rewritten.text, Some(values.replace("nginx:1.27", &cached)));
    }
    assert_eq!(Rewriter::new(policy()).rewrite("stack/parameters.json", values).text, None);
}

/// Where Helm fills a manifest in, an expression may stand for the registry; elsewhere it may not.
#[test]
fn manifests_of_a_chart_say_the_expression() {
    let policy = policy().with_expressions(["helm={{ .Values.registry }}".parse().unwrap()].into_iter().collect());
    let filled = pod("nginx:1.27").replace("name: web\nspec", "name: {{ .Release.Name }}\nspec");
    let tree = [
        ("Chart.yaml", "apiVersion: v2\nname: shop\nversion: 1.0.0\n".to_owned()),
        ("templates/web/pod.yaml", filled.clone()),
        ("pod.yaml", filled),
    ];
    let rewriter = Rewriter::new(policy.clone()).with_files(tree.clone());
    let image = |rewriter: &Rewriter, at: usize| {
        let report = rewriter.rewrite(tree[at].0, &tree[at].1).report;
        report.findings[0].afterwards().to_owned()
    };
    assert_eq!(image(&rewriter, 1), "{{ .Values.registry }}/ecr-public/docker/library/nginx:1.27");
    assert_eq!(image(&rewriter, 2), format!("{HOST}/ecr-public/docker/library/nginx:1.27"));
    let without = Rewriter::new(policy).with_files(tree[1..].to_vec());
    assert_eq!(image(&without, 1), format!("{HOST}/ecr-public/docker/library/nginx:1.27"));
}

#[test]
fn places_that_the_user_names() {
    let text = "apiVersion: example.com/v1\nkind: Backup\nspec:\n  runner:\n    image: nginx:1.27\n";
    let places = vec![CustomPlace::new("Backup", "spec.runner.image")];
    let rewriter = Rewriter::new(policy()).with_places(places).with_files([("backup.yaml", text)]);
    let (found, whole) = (rewriter.check("backup.yaml", text), Rewriter::new(policy()).check("backup.yaml", text));
    assert_eq!(found.rewrites().count(), 1);
    assert_eq!(whole.rewrites().count(), 0);
}

#[test]
fn one_reference_is_explained() {
    let rewriter = Rewriter::new(policy());
    let explanation = rewriter.explain("quay.io/a/b:1").unwrap();
    assert_eq!(explanation.becomes(), Some(format!("{HOST}/quay/a/b:1")));
    assert_eq!(explanation.rule().map(|rule| rule.prefix()), Some("quay"));
    assert_eq!((explanation.image().tag(), explanation.notes().len()), (Some("1"), 0));

    let cached = rewriter.explain(&format!("{HOST}/quay/a/b:1")).unwrap();
    assert!(matches!(cached.verdict(), Verdict::Cached(target) if target.repository == "quay/a/b"));
    assert_eq!((cached.becomes(), cached.rule().map(|rule| rule.prefix())), (None, Some("quay")));

    let left = rewriter.explain("gcr.io/a/b").unwrap();
    assert_eq!(left.verdict(), &Verdict::Left(Reason::UnsupportedRegistry));
    assert_eq!((left.becomes(), left.rule()), (None, None));

    let digest = format!("sha256:{}", "0".repeat(64));
    let pinned = rewriter.explain(&format!("quay.io/a/b:1@{digest}")).unwrap();
    assert_eq!(pinned.becomes(), Some(format!("{HOST}/quay/a/b:1@{digest}")));
    let names: Vec<&str> = pinned.steps().iter().map(|step| step.name).collect();
    assert_eq!(names, ["registry", "repository", "tag", "digest", "becomes", "through", "note"]);
    assert_eq!(rewriter.explain("Nginx"), Err(ImageRefError::Path));
}

#[test]
fn the_second_door_keeps_tag_and_digest() {
    let digest = format!("@sha256:{}", "a".repeat(64));
    for tail in ["", ":1", digest.as_str(), &format!(":1{digest}")] {
        let image = ImageRef::parse(&format!("quay.io/a/b{tail}")).unwrap();
        let Verdict::Rewrite(target) = policy().verdict(&image) else { panic!("quay.io has a rule") };
        assert_eq!(target.reference(&image), format!("{HOST}/quay/a/b{tail}"));
    }
}

/// What the page shows is the example, and the example does what the page says.
#[test]
fn the_codemod_of_the_page() {
    let read = |path: &str| {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
        text.replace("\r\n", "\n")
    };
    let (page, example) = (read("docs/codemods.md"), read("examples/codemod.rs"));
    let shown = page.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    assert_eq!(example.split_once("\n\n").unwrap().1, shown);

    let root = folder("library-codemod");
    let (pod_file, own) = (root.join("pod.yaml"), root.join("own.yaml"));
    fs::write(&pod_file, pod("nginx:1.27")).unwrap();
    fs::write(&own, pod("shop:dev")).unwrap();
    let paths = [&pod_file, &own].map(|path| path.to_str().unwrap().to_owned());
    codemod::migrate(&paths).unwrap();
    assert_eq!(fs::read_to_string(pod_file).unwrap(), pod(&format!("{HOST}/ecr-public/docker/library/nginx:1.27")));
    assert_eq!(fs::read_to_string(own).unwrap(), pod("shop:dev"));
}

#[test]
fn the_example_of_a_directory() {
    let root = folder("library-directory");
    fs::create_dir(root.join("k8s")).unwrap();
    fs::write(root.join("k8s/pod.yaml"), pod("nginx:1.27").replace('\n', "\r\n")).unwrap();
    fs::write(root.join("readme.txt"), "nginx:1.27").unwrap();
    fs::write(root.join("picture.json"), [0xff, 0xfe]).unwrap();
    assert_eq!(directory::migrate(&root, policy()).unwrap(), ["k8s/pod.yaml"]);
    let cached = format!("{HOST}/ecr-public/docker/library/nginx:1.27");
    assert_eq!(fs::read_to_string(root.join("k8s/pod.yaml")).unwrap(), pod(&cached).replace('\n', "\r\n"));
    assert_eq!(directory::migrate(&root, policy()).unwrap(), Vec::<String>::new());
}

#[test]
fn the_example_of_a_git_tree() {
    let root = folder("library-git-tree");
    let git = |arguments: &[&str]| {
        let nobody = ["user.name=nobody", "user.email=nobody@example.com", "core.autocrlf=false"];
        let settings = nobody.iter().flat_map(|setting| ["-c", setting]);
        let output = Command::new("git").arg("-C").arg(&root).args(settings).args(arguments).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    git(&["init", "--quiet"]);
    fs::write(root.join("web é.yaml"), pod("nginx:1.27")).unwrap();
    fs::write(root.join("own.yaml"), pod("shop:dev")).unwrap();
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message", "before"]);
    fs::remove_file(root.join("web é.yaml")).unwrap();

    let lines = git_tree::index_info(&root, "HEAD", policy()).unwrap();
    let (blob, path) = lines.trim_end().split_once('\t').unwrap();
    assert_eq!((path, blob.split_once(' ').unwrap().0), ("web é.yaml", "100644"));
    let text = git(&["cat-file", "blob", blob.split_once(' ').unwrap().1]);
    assert_eq!(text, pod(&format!("{HOST}/ecr-public/docker/library/nginx:1.27")));
}

#[test]
fn the_example_of_a_diff() {
    let pinned = format!("redis@sha256:{}", "0".repeat(64));
    let text = format!("{}    - name: kept\n      image: {pinned}\n", pod("nginx:1.27"));
    let expected = format!(
        "--- pod.yaml\n+++ pod.yaml\n@@ -8 +8 @@\n-      image: nginx:1.27\n+      image: {HOST}/ecr-public/docker/library/nginx:1.27\n"
    );
    assert_eq!(diff::diff("pod.yaml", &text, policy()).unwrap(), expected);
}
