//! `--format html`: what the page holds, and that nothing of the files gets out of its text. What people see of it is
//! asked of a browser, by `.ci/check-html`.

#![cfg(feature = "cli")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecrewrite::Reason;
use serde_json::Value;
use tempfile::TempDir;

const HERE: [&str; 4] = ["--account", "111122223333", "--region", "eu-central-1"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A repository named `shop`, with these files.
fn shop<P: AsRef<Path>>(files: &[(P, &str)]) -> TempDir {
    let folder = tempfile::Builder::new().prefix("ecrewrite-html-").tempdir().unwrap();
    fs::create_dir_all(folder.path().join("shop/.git")).unwrap();
    for (path, text) in files {
        let path = folder.path().join("shop").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// What the program prints in a folder, without settings of whoever runs this.
fn run(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    for (name, _) in std::env::vars_os() {
        if ["AWS_", "ECREWRITE_"].iter().any(|start| name.to_string_lossy().starts_with(start)) {
            command.env_remove(&name);
        }
    }
    let output = command.args(args).current_dir(folder).output().expect("it starts");
    String::from_utf8(output.stdout).expect("it is UTF-8")
}

fn page(folder: &TempDir, args: &[&str]) -> String {
    run(&folder.path().join("shop"), &[args, &["--format", "html"], &HERE].concat())
}

fn pod(image: &str) -> String {
    format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: {image:?}\n")
}

/// What stands between two texts.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end}")).0
}

fn data(page: &str) -> Value {
    serde_json::from_str(between(page, "<script id=\"data\" type=\"application/json\">", "</script>"))
        .expect("it is JSON")
}

/// The cells of each row of a table's body, without tags.
fn table(page: &str, id: &str) -> Vec<Vec<String>> {
    let table = between(page, &format!("<table id=\"{id}\">"), "</table>");
    let body = between(table, "<tbody>", "</tbody>");
    let text = |cell: &str| {
        let pieces = cell.split('<').enumerate().map(|(at, piece)| match at {
            0 => piece,
            _ => piece.split_once('>').map_or("", |(_, text)| text),
        });
        pieces.collect::<String>().trim().to_owned()
    };
    let row = |row: &str| {
        let cells = row.replace("<th", "<td").replace("</th>", "</td>");
        cells.split("</td>").filter(|cell| cell.contains("<td")).map(text).collect()
    };
    body.split("</tr>").filter(|row| row.contains("<tr")).map(row).collect()
}

#[test]
fn the_sums_of_a_small_shop() {
    let page = run(&root(), &["check", "--format", "html", "testdata/repo"]);
    assert!(page.contains(
        "<p class=\"lead\">12 references in 9 files would change, 1 cached already, 10 left, in 13 files read.</p>"
    ));
    let totals = between(&page, "<dl id=\"totals\">", "</dl>");
    for (name, count) in [("changes", 12), ("cached", 1), ("stays", 10), ("files with references", 11)] {
        let (_, rest) = totals.split_once(&format!("<dt>{name}</dt><dd")).unwrap_or_else(|| panic!("{name}: {totals}"));
        assert_eq!(between(rest, ">", "<"), count.to_string(), "{name}");
    }
    // Read in the files: where each image comes from today.
    let upstreams = [
        "Docker Hub 7 0 1",
        "public.ecr.aws 4 1 1",
        "no registry written 0 0 4",
        "private ECR 0 0 2",
        "ghcr.io 0 0 1",
        "quay.io 0 0 1",
        "registry.k8s.io 1 0 0",
    ];
    assert_eq!(table(&page, "by-upstream").iter().map(|row| row.join(" ")).collect::<Vec<_>>(), upstreams);
    let folders =
        ["terraform/ 3 1 3", "k8s/ 4 0 2", ".aws/ 2 0 1", "cloudformation/ 1 0 2", "cdk.out/ 1 0 1", "chart/ 1 0 1"];
    assert_eq!(table(&page, "by-folder").iter().map(|row| row.join(" ")).collect::<Vec<_>>(), folders);
    let reasons = table(&page, "by-reason");
    assert_eq!(
        reasons[1],
        [
            "no-rule",
            "2",
            "no cache rule covers this registry; --rule adds oneAdd a rule: --rule quay.io=quay, or rules in ecrewrite.yaml."
        ]
    );
    assert_eq!(
        table(&page, "rules"),
        [
            ["ecr-public", "12", "public.ecr.aws, in 111122223333, eu-central-1It needs no credentials."],
            ["kubernetes", "1", "registry.k8s.io, in 111122223333, eu-central-1It needs no credentials."],
        ]
    );
    assert_eq!(page.matches("class=\"what\"><div class=\"image\">").count(), 23);
}

#[test]
fn the_data_is_the_json_report() {
    let page = run(&root(), &["check", "--format", "html", "testdata/repo"]);
    let json: Value = serde_json::from_str(&run(&root(), &["check", "--format", "json", "testdata/repo"])).unwrap();
    let data = data(&page);
    assert_eq!(data["report"], json);
    assert_eq!(data["upstreams"].as_array().unwrap().len(), json["findings"].as_array().unwrap().len());
    assert_eq!(data["base"], "testdata/repo/");
    let ids: Vec<&str> = json["findings"].as_array().unwrap().iter().filter_map(|one| one["reason"].as_str()).collect();
    assert!(ids.iter().all(|id| data["reasons"][id]["do"].is_string()), "each reason says what to do");
}

#[test]
fn the_page_asks_nobody_for_more() {
    let page = run(&root(), &["check", "--format", "html", "testdata/repo"]);
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"));
    assert!(page.ends_with("</html>\n"));
    let lower = page.to_lowercase();
    for word in ["http:", "https:", "src=", "href=", "url(", "@import", "fetch(", "innerhtml", "{{style", "{{data"] {
        assert!(!lower.contains(word), "{word}");
    }
    let policy = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[test]
fn two_runs_print_the_same_bytes_and_a_file_has_them_too() {
    let folder = shop(&[("a/pod.yaml", &*pod("nginx:1")), ("b/pod.yaml", &*pod("redis:7"))]);
    let first = page(&folder, &["check"]);
    assert_eq!(first, page(&folder, &["check"]));
    page(&folder, &["check", "--output", "html=../report.html"]);
    assert_eq!(first, fs::read_to_string(folder.path().join("report.html")).unwrap());
    assert!(first.contains("<h1>Image references of shop</h1>"));
}

#[test]
fn names_and_references_stay_text() {
    let image = "<img src=x onerror=alert(1)>";
    let key = "</script><script>alert(2)</script>";
    let values = format!("{key:?}: {{image: \"redis:7\"}}\n");
    // A path has a `/` where a tag ends.
    let name = "a<b>&\"'`{{data}}<|script>.yaml".replace('|', "/");
    let lines = "line\u{2028}paragraph\u{2029}.yaml";
    let command = "##[error]x";
    let files =
        [("z.yaml", pod(command)), (name.as_str(), pod(image)), ("values.yaml", values), (lines, pod("nginx:1"))];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let folder = shop(&files);
    let page = page(&folder, &["check"]);
    assert!(page.contains("&lt;img src=x onerror=alert(1)&gt;"));
    assert!(page.contains("a&lt;b&gt;&amp;&quot;&#39;`{{data}}&lt;/script&gt;.yaml"));
    assert!(page.contains("helm: &lt;/script&gt;&lt;script&gt;alert(2)&lt;/script&gt;.image"));
    assert!(page.contains("line\\u{2028}paragraph\\u{2029}.yaml"), "what nobody would see is shown");
    assert_eq!((page.matches("<script").count(), page.matches("</script>").count()), (2, 2));
    assert!(!page.contains("<img") && !page.contains("##"));
    let json = between(&page, "type=\"application/json\">", "</script>");
    assert!(!json.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
    let data = data(&page);
    let found: Vec<(&str, &str)> = data["report"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["file"].as_str().unwrap(), one["reference"].as_str().unwrap()))
        .collect();
    assert_eq!(found, [(name.as_str(), image), (lines, "nginx:1"), ("values.yaml", "redis:7"), ("z.yaml", command)]);
}

#[test]
fn the_first_five_hundred_are_there_without_the_script() {
    let many = |count: usize| {
        let images: String = (0..count).map(|at| format!("    - image: nginx:1.{at}\n")).collect();
        let folder =
            shop(&[("pod.yaml", format!("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n{images}").as_str())]);
        page(&folder, &["check"])
    };
    let rows = |page: &str| page.matches("<div class=\"image\">").count();
    let (all, most) = (many(500), many(501));
    assert_eq!((rows(&all), rows(&most)), (500, 500));
    assert!(between(&all, "<noscript>", "</noscript>").contains("shows all of 500 references"));
    assert!(between(&most, "<noscript>", "</noscript>").contains("shows the first 500 of 501 references"));
    assert!(most.contains("<dt>changes</dt><dd class=\"rewrite\">501</dd>"));
}

#[test]
fn errors_and_skipped_files_are_named() {
    let files = [
        ("broken.yaml", "kind: Pod\nspec: {image: [\"nginx\n"),
        ("task.json", "// quay.io\n{\"containerDefinitions\": [{\"image\": \"quay.io/a/b\"}]}\n"),
    ];
    let page = page(&shop(&files), &["check"]);
    let errors = table(&page, "errors");
    assert_eq!(errors.len(), 1);
    assert!(errors[0][0].starts_with("broken.yaml:"), "{errors:?}");
    let skipped = "the file is JSON with comments, which the services do not take [json-comments]Remove the comments.";
    assert_eq!(table(&page, "skipped"), [["task.json", skipped]]);
    assert!(page.contains("<p>1 error: see below"));
    assert!(page.contains("No reference changes, 0 cached already, 0 left, in 2 files read."));
    let clean = self::page(&shop(&[("pod.yaml", &*pod("nginx:1"))]), &["check"]);
    assert!(clean.contains("<section id=\"errors-section\" aria-labelledby=\"errors-heading\" hidden>"));
    assert!(clean.contains("<section id=\"skipped-section\" aria-labelledby=\"skipped-heading\" hidden>"));
}

#[test]
fn what_was_rewritten_and_brought_back() {
    let folder = shop(&[("pod.yaml", &*pod("quay.io/acme/b:1")), ("web.yaml", &*pod("nginx:1"))]);
    let rule = ["--rule", "quay.io/acme=team"];
    let done = page(&folder, &[&["rewrite"][..], &rule].concat());
    assert!(done.contains("2 references in 2 files changed, 0 cached already, 0 left"));
    assert!(done.contains("<td class=\"rewrite\">changed</td>"));
    assert!(done.contains("through the rule team, from quay.io/acme</div>"));
    let upstreams = |page: &str| table(page, "by-upstream").iter().map(|row| row.join(" ")).collect::<Vec<_>>();
    assert_eq!(upstreams(&done), ["Docker Hub 1 0 0", "quay.io 1 0 0"]);
    let again = page(&folder, &[&["check"][..], &rule].concat());
    assert_eq!(upstreams(&again), ["public.ecr.aws 0 1 0", "quay.io 0 1 0"]);
    let back = page(&folder, &[&["revert"][..], &rule].concat());
    assert_eq!(upstreams(&back), ["public.ecr.aws 1 0 0", "quay.io 1 0 0"]);
    assert!(back.contains("<span class=\"host\">quay.io/</span><span>acme/b:1</span>"));
}

#[test]
fn each_reason_says_what_to_do() {
    for reason in Reason::ALL {
        assert!(reason.remedy().ends_with('.'), "{reason}: {}", reason.remedy());
        assert!(
            reason.remedy().matches('`').count() % 2 == 0 && reason.sentence().matches('`').count() % 2 == 0,
            "{reason}"
        );
    }
}
