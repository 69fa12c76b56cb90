//! What is made to break readers: depth, size, bytes, names, pipes, links. Each has an end, and a message that says where
//! and what; the files beside it are processed.

#![cfg(feature = "cli")]

mod common;

use std::fs;

use common::{Repo, Run, nginx, pod, task};

/// How deep things nest that nobody has written.
const DEEP: usize = 100_000;

/// Checks one file beside a harmless one, in a walk, by its name and as standard input: in each thread that may read it.
/// All say the same; what they say is given back, and what the harmless one becomes is left out.
#[track_caller]
fn checked(name: &str, bytes: impl AsRef<[u8]>, code: i32) -> Run {
    let repo = Repo::with(&[(name, bytes.as_ref()), ("z/task.json", task("nginx:1.27").as_bytes())]);
    let both = &["check", "-v", "--also", "all"];
    let walked = repo.run_here(both).exits(if code == 2 { 2 } else { 1 }).says(&nginx());
    let named = repo.run_here(&[both, &[name, "z/task.json"][..]].concat()).exits(if code == 2 { 2 } else { 1 });
    assert_eq!((&walked.stdout, &walked.stderr), (&named.stdout, &named.stderr), "however it is found");
    let alone = repo.run_here(&[both, &[name][..]].concat()).exits(code);
    assert_eq!(alone.stderr, walked.stderr);
    let rewritten = repo.run_here(&["rewrite", "--allow-dirty"]).exits(if code == 2 { 2 } else { 0 });
    assert_eq!(rewritten.stderr, walked.stderr);
    assert_eq!(repo.read("z/task.json"), task(&nginx()), "the others are processed");
    let piped = repo.run_on(bytes, &[both, &["-", "--stdin-filename", name][..], &common::HERE].concat());
    assert_eq!(piped.code, Some(code), "as standard input\n{}", piped.stderr);
    alone
}

/// A file that is refused with this message.
#[track_caller]
fn refused(name: &str, bytes: impl AsRef<[u8]>, message: &str) {
    let run = checked(name, bytes, 2);
    assert_eq!(run.stderr, format!("error: {name}{message}; the file was left as it is\n"));
}

fn nested(open: &str, within: &str, close: &str) -> String {
    open.repeat(DEEP) + within + &close.repeat(DEEP)
}

// Depth.

#[test]
fn deep_json() {
    let too_deep = "the nesting is too deep";
    refused("a.json", format!("{{\"image\":{}}}", nested("[", "", "]")), &format!(":1:260: {too_deep}"));
    refused("a.json", nested("{\"image\":", "1", "}"), &format!(":1:2260: {too_deep}"));
    refused("devcontainer.json", nested("[", "\"image\"", "]"), &format!(":1:252: {too_deep}"));
}

#[test]
fn deep_yaml() {
    let too_deep = "the nesting is too deep";
    refused("a.yaml", format!("image: {}", nested("[", "", "]")), &format!(":1:263: {too_deep}"));
    refused("a.yaml", format!("image: {}", nested("{a: ", "1", "}")), &format!(":1:1028: {too_deep}"));
    refused("a.yaml", format!("image:\n  {}a\n", "- ".repeat(DEEP)), &format!(":2:511: {too_deep}"));
    refused("a.yaml", format!("image: x\n{}a\n", "? ".repeat(DEEP)), &format!(":2:511: {too_deep}"));
    let lines: String = (0..1000).map(|depth| " ".repeat(depth) + "a:\n").collect();
    refused("a.yaml", format!("image: x\n{lines}"), &format!(":257:256: {too_deep}"));
}

#[test]
fn deep_hcl() {
    let too_deep = "invalid nesting depth; expected at most 64 nested levels";
    for (text, place) in [
        (format!("image = {}\n", nested("[", "", "]")), "1:74"),
        (format!("image = {}\n", nested("(", "1", ")")), "1:74"),
        (format!("image = {}\n", nested("{a=", "1", "}")), "1:202"),
        (format!("image = {}true\n", "!".repeat(DEEP)), "1:74"),
        (nested("image {\n", "", "}\n"), "65:7"),
        (format!("image = \"{}\"\n", nested("${\"", "a", "\"}")), "1:204"),
        (format!("image = {}\n", nested("f(", "1", ")")), "1:139"),
        (format!("image = {}\n", nested("a[", "0", "]")), "1:139"),
    ] {
        refused("a.tf", text, &format!(":{place}: {too_deep}"));
    }
    let chain = "invalid binary operation; expected at most 128 chained binary operators";
    refused("a.tf", format!("image = {}c\n", "a + ".repeat(DEEP)), &format!(":1:523: {chain}"));
    checked("a.tf", format!("image = a{}\n", "[0]".repeat(DEEP)), 0).complains_not();
}

#[test]
fn deep_dockerfiles_and_toml() {
    let run = checked("Dockerfile", format!("FROM {}\n", nested("${A:-", "nginx:1", "}")), 0).complains_not();
    run.says("1:6      ${A:-${A:-").says("[not-literal]");
    let two = checked("Dockerfile", "FROM ${A:-${B:-nginx:1.27}}\n", 1).complains_not();
    two.says(&nginx());
    let message = ":1:89: cannot recurse further; max recursion depth met";
    refused("samconfig.toml", format!("image = {}\n", nested("[", "", "]")), message);
}

#[cfg(feature = "cdk-source")]
#[test]
fn deep_programs() {
    let too_deep = "the nesting is too deep";
    for (name, lead, end) in [
        ("a.ts", "import \"aws-cdk-lib\"; const image = ", ";\n"),
        ("a.js", "import \"aws-cdk-lib\"; const image = ", ";\n"),
        ("a.py", "import aws_cdk; image = ", "\n"),
        ("a.java", "import software.amazon.awscdk.App; class A { Object image = ", "; }\n"),
        ("a.go", "package a; import \"github.com/aws/aws-cdk-go/awscdk/v2\"; var image = ", "\n"),
    ] {
        let braces = usize::from(name == "a.java");
        let program = |value: &str| format!("{lead}{value}{end}");
        let place = |bracket: usize, each: usize| format!(":1:{}", lead.len() + each * (500 - braces) + bracket);
        refused(name, program(&nested("(", "1", ")")), &format!("{}: {too_deep}", place(1, 1)));
        refused(name, program(&nested("f(", "1", ")")), &format!("{}: {too_deep}", place(2, 2)));
        refused(name, program(&"(".repeat(DEEP)), &format!("{}: {too_deep}", place(1, 1)));
        // What follows each other is not nested.
        for value in [format!("{}b", "a + ".repeat(DEEP)), format!("a{}", ".b()".repeat(DEEP / 10))] {
            Repo::with(&[(name, program(&value))]).run_here(&["check"]).exits(0).complains_not();
        }
        // What is read, as deep as it may be.
        let nested = |depth: usize| program(&format!("{}1{}", "f(".repeat(depth), ")".repeat(depth)));
        checked(name, nested(60), 0).complains_not();
        let run = checked(name, nested(80), 2);
        assert!(run.stderr.contains(too_deep), "{}", run.stderr);
    }
    let arms = "a ? b : ".repeat(DEEP);
    let run = checked("a.ts", format!("import \"aws-cdk-lib\"; const image = {arms}c;\n"), 2);
    assert!(run.stderr.contains(too_deep), "{}", run.stderr);
    let template = nested("`${", "1", "}`");
    let run = checked("a.ts", format!("import \"aws-cdk-lib\"; const image = {template};\n"), 2);
    assert!(run.stderr.contains(too_deep), "{}", run.stderr);
    refused("a.py", "import aws_cdk\nimage = )\n", ":2:1: not valid Python");
    refused("a.ts", "import \"aws-cdk-lib\";\nconst image = ;\n", ":2:13: not valid TypeScript");
}

#[test]
fn deep_templates() {
    for (name, text) in [
        ("a.json.tpl", format!("{{\"image\": \"{}\"}}", nested("{{ if a }}", "x", "{{ end }}"))),
        ("templates/a.yaml", format!("image: {{{{ ({}) }}}}\n", nested("(", "x", ")"))),
        ("a.yaml.tftpl", format!("image: {}\n", nested("${", "x", "}"))),
    ] {
        checked(name, text, 0).complains_not().says("[template]");
    }
}

/// Text in which other text is read: what cannot be read there is shown, and the file around it is processed.
#[test]
fn deep_text_within_text() {
    let task =
        |text: &str| format!("resource \"aws_ecs_task_definition\" \"t\" {{\n  container_definitions = {text}\n}}\n");
    let escaped = nested("[", "\\\"image\\\"", "]");
    checked("a.tf", task(&format!("\"{escaped}\"")), 0).complains_not().says("[template]");
    let heredoc = format!("<<EOT\n{}\nEOT", nested("[", "\"image\"", "]"));
    checked("a.tf", task(&heredoc), 0).complains_not().says("[template]");
    let values = format!(
        "kind: Application\napiVersion: argoproj.io/v1alpha1\nspec:\n  source:\n    helm:\n      values: |\n        \
         image: {}\n",
        nested("[", "", "]")
    );
    checked("a.yaml", values, 0).complains_not().says("7:9 ").says("[template]");
}

/// As deep as each text may be, in as many texts as are read within each other: the deepest way there is.
#[test]
fn the_deepest_that_is_read() {
    let mut text = "{\"image\":\"nginx:1.27\"}".to_owned();
    for _ in 0..4 {
        text = format!("{}{}{}", "[".repeat(249), serde_json::to_string(&text).unwrap(), "]".repeat(249));
    }
    let stack = |text: &str| {
        format!(
            "{{\"Resources\":{{\"T\":{{\"Type\":\"AWS::ECS::TaskDefinition\",\"Properties\":\
             {{\"ContainerDefinitions\":{text}}}}}}}}}"
        )
    };
    let deep = stack(&text);
    let run = Repo::with(&[("a.json", &deep)]).run_here(&["check"]);
    assert!(matches!(run.code, Some(0..=2)), "{run:?}");
    // Fifty texts within each other would double their escapes each time: what is read ends long before.
    let mut text = "{\"image\":\"nginx:1.27\"}".to_owned();
    for _ in 0..12 {
        text = serde_json::json!({ "image": text }).to_string();
    }
    let quoted = serde_json::to_string(&text).unwrap();
    checked("a.json", stack(&quoted), 0).complains_not().says("[not-a-reference]");
    // Fifty blocks of YAML within each other.
    let mut block = "image: nginx:1.27\n".to_owned();
    for _ in 0..50 {
        let lines: String = block.lines().map(|line| format!("  {line}\n")).collect();
        block = format!("values: |\n{lines}");
    }
    let lines: String = block.lines().map(|line| format!("        {line}\n")).collect();
    let head = "kind: Application\napiVersion: argoproj.io/v1alpha1\nspec:\n  source:\n    helm:\n      values: |\n";
    checked("a.yaml", format!("{head}{lines}"), 0).complains_not();
}

#[test]
fn aliases_are_not_multiplied() {
    let mut bomb = "a: &a [image, image, image, image, image, image, image, image, image]\n".to_owned();
    for (one, next) in ('a'..='y').zip('b'..='z') {
        bomb += &format!("{next}: &{next} [{}]\n", vec![format!("*{one}"); 9].join(", "));
    }
    checked("a.yaml", bomb, 0).complains_not();
    checked("a.yaml", "a: &a\n  image: *a\n  <<: *a\n", 0).complains_not();
    let pod =
        "kind: Pod\napiVersion: v1\nspec:\n  containers: &a\n  - image: nginx:1.27\n  - *a\n  initContainers: [*a]\n";
    checked("a.yaml", pod, 1).complains_not().says(&nginx()).says("[not-literal]");
}

// Size.

#[test]
fn a_million_equal_keys() {
    let keys = "\"a\":1,".repeat(1_000_000);
    let json = format!("{{\"containerDefinitions\":[{{\"image\":\"nginx:1.27\",{keys}\"a\":1}}]}}");
    let yaml = format!("{}{}", pod("nginx:1.27"), "      a: 1\n".repeat(1_000_000));
    let repo = Repo::with(&[("a.json", &json), ("a.yaml", &yaml)]);
    repo.run_here(&["check", "-q"]).exits(1).complains_not().says("2 references in 2 files");
    let message = ":4:1: invalid attribute; expected unique attribute key; found redefined attribute";
    refused("a.tf", format!("locals {{\n image = 1\n{}}}\n", "a = 1\n".repeat(1000)), message);
}

#[test]
fn a_line_of_64_mib() {
    let long = "x".repeat(64 << 20);
    let json = format!("{{\"containerDefinitions\":[{{\"name\":\"{long}\",\"image\":\"nginx:1.27\"}}]}}");
    let repo = Repo::with(&[("a.json", &json)]);
    let column = json.find("nginx").unwrap() + 1;
    let run = repo.run_here(&["rewrite", "--allow-dirty"]).exits(0).complains_not().rewrites(1);
    run.says(&format!("a.json\n  1:{column}"));
    assert_eq!(repo.read("a.json"), json.replace("nginx:1.27", &nginx()));
    let yaml = format!("{}      command: [{}]\n", pod("nginx:1.27"), long);
    let repo = Repo::with(&[("a.yaml", &yaml)]);
    repo.run_here(&["check"]).exits(1).complains_not().says("a.yaml\n  8:14 ");
}

#[test]
fn names_of_megabytes() {
    let long = "a".repeat(1 << 20);
    let run = checked("a.json", task(&format!("quay.io/{long}:1")), 0).complains_not().says("[name-too-long]");
    assert!(run.stdout.len() < 5000, "{} bytes for one reference", run.stdout.len());
    let keys: String = (0..50).map(|_| "{\"image\":\"quay.io/a/b:1\"},".to_owned()).collect();
    let run = checked("a.json", format!("{{\"{long}\":[{keys}1]}}"), 0).complains_not().says("aaa…[49].image");
    assert!(run.stdout.len() < 100_000, "the way to a place is cut: {} bytes", run.stdout.len());
}

#[test]
fn a_file_beyond_the_limit_is_not_read() {
    let repo = Repo::with(&[("a.json", task("nginx:1.27")), ("z/task.json", task("nginx:1.27"))]);
    // It has that size, and takes no space.
    let file = fs::OpenOptions::new().write(true).open(repo.path("a.json")).unwrap();
    file.set_len((256 << 20) + 1).unwrap();
    let skipped = "a.json\n  skipped: the file is larger than 256 MiB, so it was not read [too-large]\n";
    repo.run_here(&["check", "-v"]).exits(1).says(skipped).says(&nginx()).complains_not();
    repo.run_here(&["check", "-v", "a.json"]).exits(0).says(skipped).complains_not();
    repo.write("names", "a.json\n");
    repo.run_here(&["check", "-v", "--files-from", "names"]).exits(0).says(skipped);
    repo.run_here(&["check", "--baseline", "a.json"])
        .exits(2)
        .complains("a.json: cannot be read: it is larger than 256 MiB");
    repo.run_here(&["check", "--config", "a.json"])
        .exits(2)
        .complains("a.json: cannot be read: it is larger than 256 MiB");
}

// Bytes.

#[test]
fn nul_bytes() {
    refused("a.json", task("ng\0inx"), ":4:34: a string may not hold a control character");
    refused("a.json", task("nginx") + "\0", ":7:1: nothing more is expected after the value");
    refused("a.yaml", pod("nginx:1") + "# \0\n", ":9:3: unexpected character: `\\u{0}'");
}

#[test]
fn every_form_that_is_not_utf8() {
    let forms: [(&str, &[u8]); 9] = [
        ("a continuation alone", b"\x80"),
        ("two bytes for one", b"\xc0\xaf"),
        ("three bytes for two", b"\xe0\x80\xaf"),
        ("four bytes for three", b"\xf0\x80\x80\xaf"),
        ("half of a pair", b"\xed\xa0\x80"),
        ("cut off", b"\xe2\x82"),
        ("five bytes", b"\xf8\x88\x80\x80\x80"),
        ("beyond the last character", b"\xf4\x90\x80\x80"),
        ("no byte of UTF-8", b"\xff"),
    ];
    for (what, bytes) in forms {
        let text = [b"image: nginx:1\n# \xc3\xa9 ", bytes, b"\n"].concat();
        let run = Repo::with(&[("a.yaml", text)]).run_here(&["check"]).exits(2);
        let message = "error: a.yaml:2:5: this is not UTF-8: save it as UTF-8; the file was left as it is\n";
        assert_eq!(run.stderr, message, "{what}");
    }
}

#[test]
fn utf16_is_named_with_and_without_its_mark() {
    let little = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
    let marked = format!("\u{feff}{}", pod("nginx:1"));
    let repo = Repo::with(&[
        ("a.yaml", little(&marked)),
        ("b.yaml", big(&marked)),
        ("c.yaml", little(&pod("nginx:1"))),
        ("d.json", big(&task("nginx:1"))),
        ("Dockerfile", little("FROM nginx:1\n")),
        // What can hold no reference is no matter of ours.
        ("e.json", little("{\"a\": 1}")),
        ("f.json", little("\u{feff}{\"a\": 1}")),
    ]);
    let run = repo.run_here(&["rewrite", "--allow-dirty", "--also", "all"]).exits(2);
    let lines = ["Dockerfile", "a.yaml", "b.yaml", "c.yaml", "d.json"]
        .map(|name| format!("error: {name}: this is UTF-16: save it as UTF-8; the file was left as it is\n"));
    assert_eq!(run.stderr, lines.concat());
}

#[test]
fn halves_of_pairs_in_json() {
    let images = r#"{"image":"\ud800nginx:1"},{"image":"\udc00"},{"image":"\ud83d\ud83d"},{"image":"nginx:1.27"}"#;
    let run = checked("a.json", format!("{{\"containerDefinitions\":[{images}]}}"), 1).complains_not();
    run.says("  3  an image is expected here, but this is not an image reference").says(&nginx());
}

#[test]
fn what_never_ends() {
    refused("a.tf", "image = \"${a\n", ":2:1: expected `}`");
    refused("a.tf", "image = <<EOT\nnginx\n", ":2:1: expected heredoc end delimiter");
    refused("a.tf", "image = <<EOT\n${a\nEOT\n", ":3:1: expected `}`");
    refused("a.tf", "image = \"%{ if a }b\"\n", ":1:1: unexpected token");
    refused("a.json", "{\"image\": \"nginx", ":1:11: the string has no end");
    checked("a.yaml.tpl", "kind: Pod\nimage: nginx:1\na: {{ .x\n", 0).complains_not().says("[template]");
    checked("a.json", task("${A:-nginx:1"), 0).complains_not().says("[not-literal]");
}

// Lists and rules of others.

#[test]
fn absurd_lists() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
    let list = format!("task.json\n\n./task.json\ntask.json/\n{}\n{}\n", "../".repeat(2000), "x".repeat(100_000));
    let run = repo.run_on(list, &[&["check", "--files-from", "-"], &common::HERE[..]].concat()).exits(2).rewrites(1);
    assert!(run.stderr.lines().all(|line| line.starts_with("error: ")), "{}", run.stderr);
    let run =
        repo.run_on("a\n::error::x\u{1b}[31m.json\n", &[&["check", "--files-from", "-"], &common::HERE[..]].concat());
    let missing = "error: \\u{3a}:error::x\\u{1b}[31m.json: there is no such file or folder";
    run.exits(2).complains(missing);
    let nul = repo.run_on("a\0b", &[&["check", "--files-from", "-"], &common::HERE[..]].concat()).exits(2);
    nul.complains("standard input has NUL characters in it; `--null` says that they end the names");
}

#[test]
fn absurd_ignore_rules() {
    let rules = format!("{}\n[z-a]\n!\n/\n\\\n{{a,\n**/**/**/**\0\n\u{1b}[31m\n", "*a".repeat(2000));
    let repo = Repo::with(&[("task.json", task("nginx:1.27")), (".gitignore", rules)]);
    repo.run_here(&["check"]).exits(1).rewrites(1);
}

#[test]
fn configurations_that_are_none() {
    let repo = Repo::with(&[("task.json", task("nginx:1.27")), ("ecrewrite.yaml/x", String::new())]);
    let message = "ecrewrite.yaml: this is not a file: remove it, or name the configuration with `--config`\n";
    let run = repo.run_here(&["check"]).exits(2);
    assert_eq!(run.stderr, format!("error: {message}"));
    repo.run_here(&["check", "--config", "."]).exits(2).complains("error: .: cannot be read: ");
    repo.write("binary", b"\x7fELF\x02\x01\xff");
    repo.run_here(&["check", "--config", "binary"])
        .exits(2)
        .complains("error: binary: cannot be read: it is not UTF-8\n");
    repo.write("deep", nested("[", "", "]"));
    repo.run_here(&["check", "--config", "deep"]).exits(2).complains("error: deep:1:");
    repo.write("unknown", "a\u{1b}[31m\n::error::x: 1\n");
    let run = repo.run_here(&["check", "--config", "unknown"]).exits(2);
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains("\n::"), "{}", run.stderr);
}

// Names, and what is no file.

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    const NAMES: [&str; 8] = [
        "a\n::error::b.json",
        "\n::stop-commands::c.json",
        "::warning file=d::e.json",
        "\u{1b}[31mred\u{1b}]0;title\u{7}.json",
        "##[error]f.json",
        "g\u{202e}nosj.json",
        "h\u{9b}31m\r.json",
        "-v.json",
    ];

    /// Whether a text holds what a terminal or the log of a pipeline would take for a command.
    #[track_caller]
    fn is_harmless(what: &str, text: &str) {
        let hidden = text.chars().find(|one| (one.is_control() && *one != '\n' && *one != '\t') || *one == '\u{202e}');
        assert_eq!(hidden, None, "{what}\n{text}");
        for line in text.lines() {
            let line = line.trim_start();
            let is_own = line.starts_with("::warning file=") || line.starts_with("::error file=");
            let commands = ["::stop", "::error::", "::warning file=d::e"];
            assert!(!commands.iter().any(|command| line.starts_with(command)), "{what}: {line}");
            assert!(is_own || !line.starts_with("::"), "{what}: {line}");
            // What begins so is one command, and its rest is not looked through.
            assert!(is_own || !line.contains("##[error]"), "{what}: {line}");
        }
    }

    #[test]
    fn names_are_never_commands() {
        let mut files: Vec<(&str, String)> = NAMES.iter().map(|name| (*name, task("nginx:1.27"))).collect();
        files.push(("broken\n::error::i.json", "{\"image\": ".to_owned()));
        let repo = Repo::with(&files);
        let all: [&[&str]; 12] = [
            &["check"],
            &["check", "-v"],
            &["check", "--format", "github"],
            &["check", "--format", "json"],
            &["check", "--format", "sarif"],
            &["check", "--format", "rdjson"],
            &["check", "--format", "markdown"],
            &["check", "--format", "diff"],
            &["doctor"],
            &["emit"],
            &["init", "--stdout"],
            &["rewrite", "--diff"],
        ];
        for args in all {
            let run = if args[0] == "init" { repo.run(args) } else { repo.run_here(args) };
            assert!(!run.stdout.is_empty() || args[0] == "emit", "{args:?} {}", run.stderr);
            is_harmless(&args.join(" "), &run.stdout);
            is_harmless(&args.join(" "), &run.stderr);
        }
        let run = repo.run_here(&["rewrite", "--allow-dirty"]).exits(2);
        is_harmless("rewrite", &(run.stdout + &run.stderr));
        for name in NAMES {
            assert_eq!(repo.read(name), task(&nginx()), "{name:?}");
        }
    }

    fn pipe(repo: &Repo, path: &str) {
        let made = Command::new("mkfifo").arg(repo.path(path)).status().expect("mkfifo starts");
        assert!(made.success());
    }

    /// Nothing of it is opened: a test that waits for ever has failed.
    #[test]
    fn pipes_sockets_and_devices_are_not_opened() {
        let repo = Repo::with(&[
            ("task.json", task("nginx:1.27")),
            ("t/main.tf", "resource \"aws_ecs_task_definition\" \"t\" {\n  container_definitions = jsonencode([{ image = var.a }])\n}\n".to_owned()),
            (".github/workflows/a.yml", "on: push\njobs: {a: {container: nginx:1.27}}\n".to_owned()),
            ("cdk.out/x", String::new()),
        ]);
        for path in ["pipe.json", "t/pipe.tf", ".github/workflows/pipe.yml", "cdk.out/manifest.json", "cdk.json"] {
            pipe(&repo, path);
        }
        let _socket = UnixListener::bind(repo.path("socket.json")).unwrap();
        symlink("/dev/zero", repo.path("zero.json")).unwrap();
        symlink("pipe.json", repo.path("link.json")).unwrap();
        for verb in ["check", "emit", "doctor"] {
            let run = repo.run_here(&[verb]);
            assert_eq!(run.stderr.lines().filter(|line| line.starts_with("error")).count(), 0, "{verb} {}", run.stderr);
        }
        repo.run(&["init", "--stdout"]);
        repo.run_here(&["check", "-v"]).exits(1).rewrites(1).says("zero.json\n  skipped: ").says("[outside-link]");
        for name in ["pipe.json", "socket.json", "zero.json", "link.json", "/dev/zero", "/dev/null"] {
            let run = repo.run_here(&["check", name]).exits(2);
            let shown = format!("error: {name}: it is neither a file nor a folder\n");
            assert_eq!(run.stderr, shown);
        }
        repo.write("list", "pipe.json\nsocket.json\nlink.json\n/dev/zero\nt\ntask.json\n");
        repo.run_here(&["check", "--files-from", "list"]).exits(1).rewrites(1).complains_not();
        repo.run_here(&["rewrite", "--allow-dirty"]).exits(0).rewrites(1).complains_not();
        assert_eq!(repo.read("task.json"), task(&nginx()));
    }

    #[test]
    fn a_pipe_is_no_configuration_unless_it_is_named() {
        let repo = Repo::with(&[("task.json", task("nginx:1.27"))]);
        pipe(&repo, "ecrewrite.yaml");
        let message = "ecrewrite.yaml: this is not a file: remove it, or name the configuration with `--config`";
        repo.run_here(&["check"]).exits(2).complains(message);
        repo.run_here(&["check", "--config", "/dev/zero"])
            .exits(2)
            .complains("/dev/zero: cannot be read: it is larger than");
        repo.run_here(&["check", "--config", "/dev/null"]).exits(1).rewrites(1);
    }

    /// Checks the files of a list from within a folder.
    fn list_in(repo: &Repo, folder: &str, list: &str) -> Run {
        repo.write("list", list);
        repo.run_in(folder, &[&["check", "-v", "--files-from", "../list"], &common::HERE[..]].concat())
    }

    #[test]
    fn circles_of_folders_and_ways_out() {
        let repo = Repo::with(&[("in/a/task.json", task("nginx:1.27")), ("out/b/task.json", task("nginx:1.27"))]);
        symlink("..", repo.path("in/a/up")).unwrap();
        symlink("../a", repo.path("in/a/again")).unwrap();
        symlink("../../out", repo.path("in/a/middle")).unwrap();
        symlink("middle/b/task.json", repo.path("in/a/through.json")).unwrap();
        symlink("self.json", repo.path("in/self.json")).unwrap();
        let run = repo.run_here(&["rewrite", "--allow-dirty", "-v", "in"]).exits(0).rewrites(1).complains_not();
        run.says("in/a/through.json\n  skipped: the link leads out")
            .says("in/self.json\n  skipped: the link leads out");
        assert_eq!(repo.read("in/a/task.json"), task(&nginx()));
        assert_eq!(repo.read("out/b/task.json"), task("nginx:1.27"), "a link in the middle of the way leads out");
        let skipped = "a/middle/b/task.json\n  skipped: the link leads out of the folders that were named, or nowhere";
        list_in(&repo, "in", "a/middle/b/task.json").exits(0).says(skipped);
        list_in(&repo, "in", "a/through.json").exits(0).says_not("nginx");
    }

    /// A file that is written, cut and removed again and again while it is read: a run ends, and takes one state of it or
    /// none.
    #[test]
    fn files_that_change_while_they_are_read() {
        let repo = Repo::with(&[("z.json", task("nginx:1.27"))]);
        let path = repo.path("grows.yaml");
        let stop = std::sync::atomic::AtomicBool::new(false);
        let stopped = || stop.load(std::sync::atomic::Ordering::Relaxed);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stopped() {
                    let mut text = pod("nginx:1.27");
                    for _ in 0..20 {
                        fs::write(&path, &text).unwrap();
                        text += "---\n";
                        text += &pod("redis:7");
                    }
                    let _ = fs::remove_file(&path);
                }
            });
            for _ in 0..15 {
                let run = repo.run_here(&["check"]);
                assert!(matches!(run.code, Some(1 | 2)), "{run:?}");
                let run = run.says("z.json\n");
                for line in run.stderr.lines() {
                    assert!(line.starts_with("error: grows.yaml"), "{line}");
                }
            }
            stop.store(true, std::sync::atomic::Ordering::Relaxed);
        });
    }
}
