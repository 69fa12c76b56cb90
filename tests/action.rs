//! `action.yml` under a simulated runner: each step's script runs as the runner of GitHub runs it, in bash with its
//! flags and nothing else in the environment, and its outputs are read back.
//!
//! The `PATH` has the few tools that the scripts may need and no other. A network is never there: `curl`, `gh` and
//! `cargo` are scripts that write down how they were called and answer from a folder. The program is the real one, or
//! one that writes down its arguments and ends as it is told.
//!
//! These stand-ins are shell scripts, so the tests run on Unix. On Windows the workflow of this repository uses the
//! action itself.
#![cfg(all(feature = "cli", unix))]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_yaml::Value;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ecrewrite");
const VERSION: &str = env!("CARGO_PKG_VERSION");
const HOST: &str = "111122223333.dkr.ecr.eu-central-1.amazonaws.com";
const HERE: [(&str, &str); 2] = [("account", "111122223333"), ("region", "eu-central-1")];

/// What the scripts call besides bash; `gzip` is what `tar` calls. Where there is no `sha256sum`, there is `shasum`.
const TOOLS: [&str; 7] = ["bash", "gzip", "mktemp", "rm", "sha256sum", "shasum", "tar"];

/// A pod whose image changes.
const POD: &str = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - image: nginx:1.27\n";

/// The same, changed.
fn cached_pod() -> String {
    POD.replace("nginx:1.27", &format!("{HOST}/ecr-public/docker/library/nginx:1.27"))
}

// ---------------------------------------------------------------------------------------------------- what is declared

#[test]
fn the_action_is_two_scripts_and_nothing_of_others() {
    let action = Action::read();
    assert_eq!(action.yaml["runs"]["using"], "composite");
    assert_eq!(action.steps.iter().map(|step| step.id.as_str()).collect::<Vec<_>>(), ["install", "run"]);
    for step in action.yaml["runs"]["steps"].as_sequence().unwrap() {
        assert_eq!(step["shell"], "bash");
        let keys: Vec<&str> = step.as_mapping().unwrap().keys().filter_map(Value::as_str).collect();
        assert_eq!(keys, ["name", "id", "shell", "env", "run"], "no `uses`, and no place for an expression but `env`");
        assert!(!step["run"].as_str().unwrap().contains("${{"));
    }
}

#[test]
fn every_input_reaches_a_script_that_reads_it() {
    let action = Action::read();
    let mut used = Vec::new();
    for step in &action.steps {
        for (name, value) in &step.env {
            assert!(step.run.contains(&format!("${name}")) || name.starts_with("MSYS"), "{}: {name}", step.id);
            if let Some(input) = value.strip_prefix("${{ inputs.").and_then(|rest| rest.strip_suffix(" }}")) {
                assert_eq!(*name, format!("INPUT_{}", input.to_uppercase().replace('-', "_")));
                used.push(input.to_owned());
            } else if value.contains("${{") {
                assert_eq!(value, "${{ steps.install.outputs.bin }}");
            }
        }
    }
    used.sort();
    let inputs: Vec<&str> = action.inputs.keys().map(String::as_str).collect();
    assert_eq!(used, inputs, "each input is handed to one step");
}

#[test]
fn every_output_is_that_of_the_second_step() {
    for (name, value) in &Action::read().outputs {
        assert_eq!(*value, format!("${{{{ steps.run.outputs.{name} }}}}"));
    }
}

// ------------------------------------------------------------------------------------------------------------- install

#[test]
fn a_given_program_wins() {
    let runner = Runner::new();
    runner.fake("given", 0, "");
    let run = runner.install(&[("version", "no version")], &[("ECREWRITE_BIN", &runner.shown("given"))]);
    assert_eq!((run.code, run.output("bin")), (0, Some(runner.shown("given"))), "{run:?}");
    assert_eq!(runner.calls("curl") + &runner.calls("cargo"), "");
}

#[test]
fn a_given_program_has_to_run() {
    let runner = Runner::new();
    let run = runner.install(&[], &[("ECREWRITE_BIN", "/no/such/program")]);
    assert_eq!(run.code, 2);
    assert_eq!(run.error(), "/no/such/program does not run on this machine");
    assert_eq!(run.output("bin"), None);
}

#[test]
fn the_commit_of_the_action_is_built_where_its_settings_hold() {
    for (system, machine, version) in [
        ("Linux", "X64", "source"),
        ("Windows", "X64", "source"),
        ("Linux", "ARM", VERSION),
        ("Windows", "ARM64", VERSION),
    ] {
        let runner = Runner::new();
        runner.cargo(0);
        let exe = if system == "Windows" { "ecrewrite.exe" } else { "ecrewrite" };
        let run = runner.install(&[("version", version)], &[("RUNNER_OS", system), ("RUNNER_ARCH", machine)]);
        assert_eq!(run.code, 0, "{run:?}");
        let bin = PathBuf::from(run.output("bin").unwrap());
        let root = bin.parent().and_then(Path::parent).unwrap();
        assert!(bin.ends_with(Path::new("bin").join(exe)) && root.starts_with(runner.path("temp")), "{bin:?}");
        let expected = format!(
            "in {}: install --locked --path . --features cdk-source --root {} --target-dir {}/target\n",
            runner.shown("action"),
            root.display(),
            root.display()
        );
        assert_eq!(runner.calls("cargo"), expected);
        assert!(!root.join("target").exists(), "what was built in between is gone");
        assert_eq!(runner.calls("curl"), "");
    }
}

#[test]
fn a_failed_build_ends_the_step() {
    let runner = Runner::new();
    runner.cargo(101);
    let run = runner.install(&[("version", "source")], &[]);
    assert_eq!(run.code, 2);
    assert_eq!(run.error(), format!("ecrewrite could not be built from {}", runner.shown("action")));
    assert_eq!(run.output("bin"), None);
}

#[test]
fn without_cargo_nothing_can_be_built() {
    let runner = Runner::new();
    let run = runner.install(&[], &[("RUNNER_ARCH", "RISCV64")]);
    assert_eq!(run.code, 2);
    assert!(run.error().starts_with("there is no cargo to build ecrewrite with, and no release for Linux on RISCV64"));
}

#[test]
fn each_platform_gets_its_archive() {
    for (system, machine, target) in [
        ("Linux", "X64", "x86_64-unknown-linux-musl"),
        ("Linux", "ARM64", "aarch64-unknown-linux-musl"),
        ("macOS", "X64", "x86_64-apple-darwin"),
        ("macOS", "ARM64", "aarch64-apple-darwin"),
        ("Windows", "X64", "x86_64-pc-windows-msvc"),
    ] {
        let runner = Runner::new();
        let archive = runner.release(VERSION, target);
        let run = runner.install(&[], &[("RUNNER_OS", system), ("RUNNER_ARCH", machine)]);
        assert_eq!(run.code, 0, "{run:?}");
        let exe = if system == "Windows" { "ecrewrite.exe" } else { "ecrewrite" };
        let bin = run.output("bin").unwrap();
        assert!(bin.ends_with(&format!("/ecrewrite-{VERSION}-{target}/{exe}")), "{bin}");
        assert!(run.stdout.ends_with("ecrewrite of a test\n"), "its version is shown: {run:?}");
        let flags = "--proto =https --tlsv1.2 -fsSL --retry 3";
        let home = format!("https://github.com/ecrewrite/ecrewrite/releases/download/v{VERSION}");
        assert_eq!(
            runner.calls("curl"),
            format!("{flags} -o {archive} {home}/{archive}\n{flags} -o {archive}.sha256 {home}/{archive}.sha256\n")
        );
    }
}

#[test]
fn another_release_can_be_had() {
    for version in ["1.20.3", "2.0.0-rc.1"] {
        let runner = Runner::new();
        runner.release(version, "x86_64-unknown-linux-musl");
        let run = runner.install(&[("version", version)], &[]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(runner.calls("curl").contains(&format!("/v{version}/ecrewrite-{version}-x86_64")));
    }
}

#[test]
fn what_is_no_version_is_refused_before_anything_is_fetched() {
    for version in ["", "latest", "v0.1.0", "0.1", "0.1.0/../../x", "0.1.0\nsource", "$(touch gone)", "0.1.0-", "-h"] {
        let runner = Runner::new();
        runner.cargo(0);
        let run = runner.install(&[("version", version)], &[]);
        assert_eq!(run.code, 2, "{run:?}");
        let shown = version.replace('\n', "%0A");
        assert_eq!(run.error(), format!("version: '{shown}' is neither a version such as 0.1.0 nor `source`"));
        assert_eq!(runner.calls("curl") + &runner.calls("cargo"), "");
        assert!(runner.is_untouched());
    }
}

#[test]
fn a_release_that_is_not_there_is_an_error_and_no_reason_to_build() {
    let runner = Runner::new();
    runner.cargo(0);
    let run = runner.install(&[("version", "9.9.9")], &[]);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.error(),
        "https://github.com/ecrewrite/ecrewrite/releases/download/v9.9.9/ecrewrite-9.9.9-x86_64-unknown-linux-musl.tar.gz \
         cannot be downloaded. Is 9.9.9 a release? `version: source` builds the action's own commit."
    );
    assert_eq!((runner.calls("cargo").as_str(), run.output("bin")), ("", None));
}

#[test]
fn an_archive_needs_its_checksum() {
    let target = "x86_64-unknown-linux-musl";
    let runner = Runner::new();
    let archive = runner.release(VERSION, target);
    fs::remove_file(runner.served(VERSION).join(format!("{archive}.sha256"))).unwrap();
    let run = runner.install(&[], &[]);
    assert_eq!(run.code, 2);
    assert!(run.error().contains(".tar.gz.sha256 cannot be downloaded"), "{run:?}");

    for sidecar in ["", "0000  name\n", "\n"] {
        let runner = Runner::new();
        let archive = runner.release(VERSION, target);
        let sum = runner.sum(&archive);
        fs::write(runner.served(VERSION).join(format!("{archive}.sha256")), sidecar).unwrap();
        let run = runner.install(&[], &[]);
        assert_eq!(run.code, 2);
        let expected = sidecar.split_whitespace().next().unwrap_or_default();
        assert_eq!(run.error(), format!("{archive} has the SHA-256 {sum}, and {expected} is expected"));
        assert_eq!(run.output("bin"), None);
    }
}

#[test]
fn a_given_checksum_is_the_one_that_counts() {
    let runner = Runner::new();
    let archive = runner.release(VERSION, "x86_64-unknown-linux-musl");
    fs::remove_file(runner.served(VERSION).join(format!("{archive}.sha256"))).unwrap();
    let sum = runner.sum(&archive);
    let other = "0".repeat(64);
    for good in [sum.clone(), format!("{other}\n{sum}\n"), format!("{other}\r\n  {sum}\r\n")] {
        let run = runner.install(&[("checksum", &good)], &[]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    assert!(!runner.calls("curl").contains(".sha256"));
    let upper = sum.to_uppercase();
    for bad in [&*other, &sum[1..], "$(touch gone)", "*", "\n", "-", &upper] {
        let run = runner.install(&[("checksum", bad)], &[]);
        assert_eq!(run.code, 2, "{bad:?}: {run:?}");
        assert_eq!(
            run.error(),
            format!("{archive} has the SHA-256 {sum}, and {} is expected", bad.replace('\n', "%0A"))
        );
    }
    assert!(runner.is_untouched());
}

#[test]
fn where_there_is_no_sha256sum_there_is_shasum() {
    let runner = Runner::new();
    runner.release(VERSION, "x86_64-unknown-linux-musl");
    let sha256sum = fs::canonicalize(runner.path("tools/sha256sum")).unwrap();
    fs::remove_file(runner.path("tools/sha256sum")).unwrap();
    runner.script("shasum", &format!("[ \"$*\" = \"-a 256\" ] && exec '{}'", sha256sum.display()));
    assert_eq!(runner.install(&[], &[]).code, 0);
    assert_eq!(runner.calls("shasum"), "-a 256\n");
}

#[test]
fn where_gh_is_the_origin_is_verified() {
    let target = "x86_64-unknown-linux-musl";
    let runner = Runner::new();
    let archive = runner.release(VERSION, target);
    runner.script("gh", "exit 0");
    let bundle = runner.served(VERSION).join(format!("ecrewrite-{VERSION}.sigstore.json"));

    let run = runner.install(&[], &[]);
    assert_eq!((run.code, run.output("bin")), (2, None));
    assert!(run.error().contains(".sigstore.json cannot be downloaded"), "{run:?}");

    fs::write(&bundle, "{}").unwrap();
    let run = runner.install(&[], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let verify = format!(
        "attestation verify {archive} --bundle ecrewrite-{VERSION}.sigstore.json --repo ecrewrite/ecrewrite \
         --signer-workflow ecrewrite/ecrewrite/.github/workflows/release.yml --source-ref refs/tags/v{VERSION}\n"
    );
    assert_eq!(runner.calls("gh"), format!("attestation --help\nattestation --help\n{verify}"));

    // A checksum that is given does not stand for the origin.
    runner.script("gh", "[ \"$2\" = --help ]");
    let sum = runner.sum(&archive);
    for inputs in [&[][..], &[("checksum", sum.as_str())]] {
        let run = runner.install(inputs, &[]);
        assert_eq!((run.code, run.output("bin")), (2, None), "{run:?}");
        assert!(run.error().starts_with(&format!("{archive}: its attestation does not hold")), "{run:?}");
    }

    // One that is too old for it does not know the command.
    runner.script("gh", "exit 1");
    assert_eq!(runner.install(&[], &[]).code, 0);
}

#[test]
fn an_archive_that_does_not_hold_the_program_is_an_error() {
    let runner = Runner::new();
    let archive = runner.release(VERSION, "x86_64-unknown-linux-musl");
    fs::write(runner.served(VERSION).join(&archive), "no archive").unwrap();
    let sum = runner.sum(&archive);
    let run = runner.install(&[("checksum", &sum)], &[]);
    assert_ne!(run.code, 0);
    assert_eq!(run.output("bin"), None);
}

/// What the release packs is what the action unpacks.
#[test]
fn the_packed_program_is_installed_and_runs() {
    let runner = Runner::new();
    let target = "x86_64-unknown-linux-musl";
    let served = runner.served(VERSION);
    fs::create_dir_all(&served).unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/package");
    let output = Command::new(pack).args([Path::new(PROGRAM), Path::new(target), &served]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    runner.write("deploy.yaml", POD);
    let run = runner.run(&HERE, &[]);
    assert_eq!((run.code, run.output("count").as_deref()), (1, Some("1")), "{run:?}");
    assert!(run.stdout.contains(&format!("ecrewrite {VERSION}\n")), "{run:?}");

    let archive = served.join(format!("ecrewrite-{VERSION}-{target}.tar.gz"));
    let output = Command::new("tar").arg("-tzf").arg(&archive).output().unwrap();
    let mut names: Vec<String> = String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect();
    names.sort();
    let folder = format!("ecrewrite-{VERSION}-{target}");
    let (manual, names): (Vec<String>, Vec<String>) =
        names.into_iter().partition(|name| name.starts_with(&format!("{folder}/man/")));
    let files = [
        "",
        "CHANGELOG.md",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "completions/",
        "completions/_ecrewrite",
        "completions/_ecrewrite.ps1",
        "completions/ecrewrite.bash",
        "completions/ecrewrite.fish",
        "ecrewrite",
    ];
    assert_eq!(names, files.map(|file| format!("{folder}/{file}")));
    for page in ["ecrewrite.1", "ecrewrite-check.1", "ecrewrite-rewrite.1"] {
        assert!(manual.contains(&format!("{folder}/man/{page}")), "{page}: {manual:?}");
    }
}

// ----------------------------------------------------------------------------------------- how the program is called

#[test]
fn each_input_becomes_an_argument() {
    let runner = Runner::new();
    runner.write("sub/list", "");
    let summary = format!("--output=markdown={}", runner.shown("summary"));
    let always = |verb: &str| vec![verb.to_owned(), "--format=github".to_owned(), summary.clone()];
    let check = |inputs: &[(&str, &str)]| {
        let run = runner.run_fake(0, inputs);
        assert_eq!(run.code, 0, "{run:?}");
        let mut arguments = runner.arguments();
        assert!(arguments.remove(3).starts_with("--output=github-output="), "{arguments:?}");
        (arguments, run)
    };
    let expect = |inputs: &[(&str, &str)], rest: &[&str]| {
        let (arguments, _) = check(inputs);
        let rest = rest.iter().map(|argument| (*argument).to_owned());
        assert_eq!(arguments, always("check").into_iter().chain(rest).collect::<Vec<_>>(), "{inputs:?}");
    };
    expect(&[], &["--"]);
    expect(&HERE, &["--account=111122223333", "--region=eu-central-1", "--"]);
    expect(&[("config", "-odd name.yaml")], &["--config=-odd name.yaml", "--"]);
    expect(&[("paths", "one\ntwo three\n")], &["--", "one", "two three"]);
    expect(
        &[("args", "--exclude\nthird party/\n--also=dockerfile")],
        &["--exclude", "third party/", "--also=dockerfile", "--"],
    );
    expect(&[("files-from", "list of files")], &["--files-from=list of files", "--force-exclude", "--"]);
    expect(
        &[("files-from", "list"), ("null-separated", "true"), ("paths", "x")],
        &["--files-from=list", "--force-exclude", "--null", "--", "x"],
    );
    expect(&[("fail-on", "errors")], &["--"]);
    expect(&[("working-directory", "sub")], &["--"]);
    let sarif = format!("--output=sarif={}/sub/out dir/x.sarif", runner.shown("workspace"));
    expect(&[("sarif-file", "out dir/x.sarif"), ("working-directory", "sub")], &[&sarif, "--"]);
    expect(&[("sarif-file", "/reports/x.sarif")], &["--output=sarif=/reports/x.sarif", "--"]);
    expect(&[("sarif-file", "D:\\x.sarif")], &["--output=sarif=D:\\x.sarif", "--"]);

    for (mode, verb) in [("diff", "check"), ("rewrite", "rewrite")] {
        let (arguments, run) = check(&[("mode", mode)]);
        let patch = arguments[3].strip_prefix("--output=diff=").unwrap_or_else(|| panic!("{arguments:?}"));
        assert!(Path::new(patch).starts_with(runner.path("temp")) && patch.ends_with("/ecrewrite.patch"));
        assert_eq!((&arguments[..3], &arguments[4..]), (&always(verb)[..], &["--".to_owned()][..]));
        assert_eq!(run.output("patch-file"), None, "the program wrote none");
    }
}

#[test]
fn the_program_runs_in_the_working_directory() {
    let runner = Runner::new();
    for folder in [".", "sub", "deep/er folder", "-", "$(touch gone)"] {
        fs::create_dir_all(runner.path("workspace").join(folder)).unwrap();
        let run = runner.run_fake(0, &[("working-directory", folder)]);
        assert_eq!(run.code, 0, "{run:?}");
        let cwd = fs::read_to_string(runner.path("fake.cwd")).unwrap();
        assert_eq!(cwd, format!("{}\n", runner.path("workspace").join(folder).display()).replace("/.\n", "\n"));
    }
    for (folder, message) in [
        ("missing", "working-directory: 'missing' is no folder of the workspace"),
        ("sub\nfound=true", "sarif-file and working-directory: a path of one line is expected"),
    ] {
        let run = runner.run_fake(0, &[("working-directory", folder)]);
        assert_eq!((run.code, run.error().as_str()), (2, message));
        assert_eq!(run.outputs, BTreeMap::from([("exit-code".to_owned(), "2".to_owned())]));
    }
}

#[test]
fn lines_are_arguments_whatever_they_hold() {
    let runner = Runner::new();
    let hostile = [
        "with space",
        "$(touch gone)",
        "`touch gone`",
        "'quote",
        "\"quote",
        "*",
        "~",
        "-x",
        "--format=json",
        "back\\slash",
        "a;touch gone",
        "${HOME}",
        "!",
        " leading and trailing ",
        "ünï::error::x",
        "%0A",
    ];
    for ending in ["\n", "\r\n", "\n\n\r\n"] {
        let lines = hostile.join(ending);
        for text in [lines.clone(), format!("{lines}{ending}"), format!("{ending}{lines}")] {
            runner.run_fake(0, &[("paths", &text)]);
            let arguments = runner.arguments();
            let (_, paths) = arguments.split_at(arguments.iter().position(|argument| argument == "--").unwrap() + 1);
            assert_eq!(paths, hostile);

            runner.run_fake(0, &[("args", &text)]);
            let arguments = runner.arguments();
            assert_eq!(&arguments[4..arguments.len() - 1], hostile);
        }
    }
    for name in ["account", "region", "config", "files-from"] {
        for value in hostile.iter().copied().chain(["two\nlines"]) {
            runner.run_fake(0, &[(name, value)]);
            assert!(runner.arguments().contains(&format!("--{name}={value}")), "{name} {value}");
        }
    }
    assert!(runner.is_untouched());
}

#[test]
fn what_is_no_choice_is_refused() {
    let runner = Runner::new();
    for (name, values, allowed) in [
        ("mode", ["", "write", "check diff", "check\nexit-code=0"], "check diff rewrite"),
        ("fail-on", ["", "never", "findings errors", "$(touch gone)"], "findings errors"),
        ("null-separated", ["", "True", "1", "no"], "true false"),
    ] {
        for value in values {
            let run = runner.run_fake(0, &[(name, value)]);
            assert_eq!(run.code, 2, "{run:?}");
            assert_eq!(run.error(), format!("{name}: '{}' is none of: {allowed}", value.replace('\n', "%0A")));
            assert_eq!(run.outputs, BTreeMap::from([("exit-code".to_owned(), "2".to_owned())]));
            assert!(!runner.path("fake.arguments").exists(), "the program did not run");
        }
    }
    for sarif in ["x\nfound=false", "x\rfound=false"] {
        let run = runner.run_fake(0, &[("sarif-file", sarif)]);
        assert_eq!(run.error(), "sarif-file and working-directory: a path of one line is expected");
        assert_eq!(run.outputs, BTreeMap::from([("exit-code".to_owned(), "2".to_owned())]));
    }
    assert!(runner.is_untouched());
}

#[test]
fn the_exit_code_is_an_output_and_fail_on_decides_what_becomes_of_it() {
    let runner = Runner::new();
    for mode in ["check", "diff", "rewrite"] {
        for (of_program, on_findings, on_errors) in [(0, 0, 0), (1, 1, 0), (2, 2, 2), (101, 101, 101)] {
            for (fail_on, expected) in [("findings", on_findings), ("errors", on_errors)] {
                let run = runner.run_fake(of_program, &[("mode", mode), ("fail-on", fail_on)]);
                assert_eq!((run.code, run.output("exit-code")), (expected, Some(of_program.to_string())), "{run:?}");
            }
        }
    }
}

#[test]
fn every_output_is_set() {
    let action = Action::read();
    let runner = Runner::new();
    let outputs = "found=true\ncount=3\nleft=2\ncached=1\nerrors=0\n";
    for (name, code) in [("check", 1), ("diff", 1), ("rewrite", 0)] {
        runner.fake("fake", code, outputs);
        let run = runner.run(&[("mode", name), ("sarif-file", "x.sarif")], &[("ECREWRITE_BIN", &runner.shown("fake"))]);
        let mut expected: Vec<&str> = action.outputs.keys().map(String::as_str).collect();
        expected.retain(|output| *output != "patch-file" || name != "check");
        assert_eq!(run.outputs.keys().collect::<Vec<_>>(), expected);
        let value = |output: &str| run.outputs[output].as_str();
        assert_eq!(["found", "count", "left", "cached", "errors"].map(value), ["true", "3", "2", "1", "0"]);
        assert_eq!(value("sarif-file"), runner.shown("workspace/x.sarif"));
        if name != "check" {
            assert_eq!(fs::read_to_string(value("patch-file")).unwrap(), "diff\n");
        }
    }
}

// ------------------------------------------------------------------------------------------------- the real program

#[test]
fn check_finds_and_writes_nothing() {
    let runner = Runner::with(&[("deploy/pod.yaml", POD), ("local.yaml", &POD.replace("nginx:1.27", "shop:dev"))]);
    let before = runner.files();
    let run = runner.real(&[("sarif-file", "../temp/report.sarif")]);
    assert_eq!(run.code, 1, "{run:?}");
    let values = ["found", "count", "left", "cached", "errors", "exit-code"].map(|name| run.outputs[name].as_str());
    assert_eq!(values, ["true", "1", "1", "0", "0", "1"]);
    assert_eq!(run.output("patch-file"), None);
    assert!(
        run.stdout.lines().any(|line| line.starts_with("::warning file=deploy/pod.yaml,line=5,endLine=5,col=14,")),
        "{run:?}"
    );
    assert!(run.summary.contains("deploy/pod.yaml") && run.summary.contains("nginx:1.27"), "{}", run.summary);
    let sarif = fs::read_to_string(&run.outputs["sarif-file"]).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["version"], "2.1.0");
    assert_eq!(runner.files(), before);
}

#[test]
fn the_patch_of_diff_makes_what_rewrite_makes() {
    let files = [("deploy/pod.yaml", POD), ("crlf.yaml", &*POD.replace('\n', "\r\n"))];
    let runner = Runner::with(&files);
    let before = runner.files();
    let run = runner.real(&[&HERE[..], &[("mode", "diff")]].concat());
    assert_eq!((run.code, run.output("count").as_deref()), (1, Some("2")), "{run:?}");
    assert_eq!(runner.files(), before);
    runner.git(&["apply", &run.outputs["patch-file"]]);
    let patched = runner.files();

    let runner = Runner::with(&files);
    let run = runner.real(&[&HERE[..], &[("mode", "rewrite")]].concat());
    assert_eq!((run.code, run.output("found").as_deref()), (0, Some("true")), "{run:?}");
    assert_eq!(runner.files(), patched);
    assert_eq!(patched["deploy/pod.yaml"], cached_pod().into_bytes());
    assert_eq!(runner.git(&["status", "--porcelain"]), " M crlf.yaml\n M deploy/pod.yaml\n", "nothing is committed");
    runner.git(&["apply", "--reverse", &run.outputs["patch-file"]]);
    assert_eq!(runner.files(), before);
}

#[test]
fn a_second_run_finds_nothing() {
    let runner = Runner::with(&[("pod.yaml", &cached_pod())]);
    for mode in ["check", "diff", "rewrite"] {
        let run = runner.real(&[&HERE[..], &[("mode", mode)]].concat());
        assert_eq!(run.code, 0, "{run:?}");
        let values = ["found", "count", "cached", "exit-code"].map(|name| run.outputs[name].as_str());
        assert_eq!(values, ["false", "0", "1", "0"]);
    }
}

#[test]
fn what_is_broken_fails_whatever_fail_on_says() {
    let runner = Runner::with(&[("pod.yaml", POD), ("broken.yaml", "image: nginx:1.27\n  - : [\n")]);
    for fail_on in ["findings", "errors"] {
        let run = runner.real(&[("fail-on", fail_on)]);
        assert_eq!(run.code, 2, "{run:?}");
        assert_eq!(run.outputs["errors"], "1");
        assert!(run.stdout.contains("::error file=broken.yaml,"), "{run:?}");
        assert_eq!(run.outputs["count"], "1", "the other file was processed");
    }
}

#[test]
fn misuse_fails_with_what_the_program_says() {
    let runner = Runner::with(&[("pod.yaml", POD)]);
    let before = runner.files();
    for (inputs, message) in [
        (&[("mode", "rewrite")][..], "account"),
        (&[("mode", "diff")], "account"),
        (&[("account", "12"), ("region", "eu-central-1"), ("mode", "rewrite")], "account"),
        (&[("paths", "missing.yaml")], "missing.yaml"),
        (&[("config", "missing.yaml")], "missing.yaml"),
        (&[("args", "--no-such-flag")], "--no-such-flag"),
        (&[("files-from", "missing-list")], "missing-list"),
    ] {
        let run = runner.real(inputs);
        assert_eq!((run.code, run.outputs["exit-code"].as_str()), (2, "2"), "{run:?}");
        assert!(run.stdout.contains(message) || run.stderr.contains(message), "{run:?}");
        assert_eq!(runner.files(), before);
    }
}

#[test]
fn only_the_listed_files_are_read() {
    let names =
        ["changed file.yaml", "$(touch gone).yaml", "-dash.yaml", "new\nline.yaml", "a,b:c%.yaml", "vendor/x.yaml"];
    let files: Vec<(&str, &str)> = names.iter().map(|name| (*name, POD)).chain([("other.yaml", POD)]).collect();
    let runner = Runner::with(&files);
    runner.write("ecrewrite.yaml", "exclude: [vendor/]\n");
    runner.write("list", &names.map(|name| format!("{name}\0")).concat());
    let run = runner.real(&[("files-from", "list"), ("null-separated", "true"), ("fail-on", "errors")]);
    assert_eq!((run.code, run.output("count").as_deref()), (0, Some("5")), "{run:?}");
    let annotations: Vec<&str> = run.stdout.lines().filter(|line| line.starts_with("::warning file=")).collect();
    assert_eq!(annotations.len(), 5, "{run:?}");
    let shown = ["changed file", "$(touch gone)", "-dash", "new%0Aline", "a%2Cb%3Ac%25"];
    for name in shown {
        let start = format!("::warning file={name}.yaml,");
        assert!(annotations.iter().any(|line| line.starts_with(&start)), "{name}: {annotations:?}");
    }

    runner.write("list", "changed file.yaml\r\n\r\nother.yaml\n");
    let run = runner.real(&[("files-from", "list")]);
    assert_eq!((run.code, run.output("count").as_deref()), (1, Some("2")), "{run:?}");
    assert!(runner.is_untouched());
}

#[test]
fn annotations_name_files_from_the_root_of_the_repository() {
    let runner = Runner::with(&[("deploy/api/pod.yaml", POD)]);
    let run = runner.real(&[("working-directory", "deploy"), ("paths", "api"), ("sarif-file", "out.sarif")]);
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("::warning file=deploy/api/pod.yaml,"), "{run:?}");
    assert_eq!(run.outputs["sarif-file"], runner.shown("workspace/deploy/out.sarif"));
    assert!(runner.path("workspace/deploy/out.sarif").exists());
}

#[test]
fn settings_may_come_from_the_job() {
    let runner = Runner::with(&[("pod.yaml", POD)]);
    let settings = [("ECREWRITE_BIN", PROGRAM), ("ECREWRITE_ACCOUNT", "111122223333"), ("AWS_REGION", "eu-central-1")];
    let run = runner.run(&[("mode", "rewrite")], &settings);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(runner.files()["pod.yaml"], cached_pod().into_bytes());
}

// ---------------------------------------------------------------------------------------------------------- the runner

/// `action.yml`, read.
struct Action {
    yaml: Value,
    /// Each input and its default.
    inputs: BTreeMap<String, String>,
    /// Each output and its value.
    outputs: BTreeMap<String, String>,
    steps: Vec<Step>,
}

struct Step {
    id: String,
    env: Vec<(String, String)>,
    run: String,
}

impl Action {
    fn read() -> Self {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).unwrap();
        let yaml: Value = serde_yaml::from_str(&text).unwrap();
        let entries = |node: &Value| -> Vec<(String, Value)> {
            let entries = node.as_mapping().expect("a mapping").iter();
            entries.map(|(name, value)| (name.as_str().expect("a name").to_owned(), value.clone())).collect()
        };
        let text = |node: &Value| node.as_str().unwrap_or_else(|| panic!("no text: {node:?}")).to_owned();
        let each =
            |node: &Value, key: &str| entries(node).iter().map(|(name, it)| (name.clone(), text(&it[key]))).collect();
        let steps = yaml["runs"]["steps"].as_sequence().unwrap().iter().map(|step| Step {
            id: text(&step["id"]),
            env: entries(&step["env"]).iter().map(|(name, value)| (name.clone(), text(value))).collect(),
            run: text(&step["run"]),
        });
        let steps = steps.collect();
        Action { inputs: each(&yaml["inputs"], "default"), outputs: each(&yaml["outputs"], "value"), steps, yaml }
    }
}

/// A machine with a workspace, which is a repository, and the folder of the action.
struct Runner {
    folder: TempDir,
}

/// How the steps ended.
#[derive(Debug)]
struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
    /// The outputs of the last step.
    outputs: BTreeMap<String, String>,
    summary: String,
}

impl Ran {
    fn output(&self, name: &str) -> Option<String> {
        self.outputs.get(name).cloned()
    }

    /// The text of the only error that was printed.
    fn error(&self) -> String {
        let errors: Vec<&str> =
            self.stdout.lines().filter_map(|line| line.strip_prefix("::error title=ecrewrite::")).collect();
        assert_eq!(errors.len(), 1, "{self:?}");
        errors[0].to_owned()
    }
}

impl Runner {
    fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("ecrewrite action ").tempdir().unwrap();
        let runner = Runner { folder };
        for name in ["workspace", "action", "temp", "home", "bin", "tools", "served"] {
            fs::create_dir(runner.path(name)).unwrap();
        }
        for tool in TOOLS {
            if let Some(found) = find(tool) {
                symlink(found, runner.path("tools").join(tool)).unwrap();
            }
        }
        runner.script(
            "curl",
            &format!(
                "while [ $# -gt 0 ]; do
                   case $1 in -o) out=$2; shift ;; https://*) url=$1 ;; esac
                   shift
                 done
                 served='{}'/${{url#https://github.com/ecrewrite/ecrewrite/releases/download/}}
                 [ -f \"$served\" ] || {{ echo 'curl: (22) 404' >&2; exit 22; }}
                 exec '{}' \"$served\" \"$out\"",
                runner.shown("served"),
                find("cp").unwrap().display()
            ),
        );
        runner.git(&["init", "--quiet"]);
        runner
    }

    /// With these files, committed.
    fn with(files: &[(&str, &str)]) -> Self {
        let runner = Runner::new();
        files.iter().for_each(|(path, text)| runner.write(path, text));
        runner.git(&["add", "--all"]);
        runner.git(&["-c", "user.name=x", "-c", "user.email=x@example.com", "commit", "--quiet", "--message", "x"]);
        runner
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    fn shown(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path("workspace").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Every file of the workspace, with its bytes.
    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let root = self.path("workspace");
        let mut files = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() && entry.file_name() != ".git" => folders.push(entry.path()),
                    kind if kind.is_file() => {
                        let name = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                        files.insert(name, fs::read(entry.path()).unwrap());
                    }
                    _ => {}
                }
            }
        }
        files
    }

    /// Whether nothing that stood in an input was run.
    fn is_untouched(&self) -> bool {
        ["workspace", "action", "temp", "home"].iter().all(|folder| !self.path(folder).join("gone").exists())
    }

    fn git(&self, args: &[&str]) -> String {
        let mut command = Command::new("git");
        command.args(["-c", "core.autocrlf=false"]).args(args).current_dir(self.path("workspace"));
        command.env("HOME", self.path("home")).env("GIT_CONFIG_NOSYSTEM", "1");
        let output = command.output().expect("git starts");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// A command of the machine, which writes down its arguments.
    fn script(&self, name: &str, body: &str) {
        self.executable(
            &format!("bin/{name}"),
            &format!("printf '%s\\n' \"$*\" >> '{}'\n{body}", self.shown(&format!("{name}.calls"))),
        );
    }

    fn executable(&self, name: &str, body: &str) {
        // The bash of the machine: a path with spaces cannot stand behind `#!`.
        let text = format!("#!{}\n{body}\n", find("bash").unwrap().display());
        fs::write(self.path(name), text).unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    fn calls(&self, name: &str) -> String {
        fs::read_to_string(self.path(&format!("{name}.calls"))).unwrap_or_default()
    }

    /// A program that ends with a code, after it wrote down where and how it was called, and wrote what it was asked for.
    fn fake(&self, name: &str, code: i32, outputs: &str) {
        let folder = self.shown("");
        self.executable(
            name,
            &format!(
                "if [ \"$1\" = --version ]; then echo 'ecrewrite of a test'; exit; fi
                 printf '%s\\n' \"$PWD\" > '{folder}fake.cwd'
                 printf '%s\\0' \"$@\" > '{folder}fake.arguments'
                 if [ -n '{outputs}' ]; then
                   for argument; do
                     case $argument in
                       --output=github-output=*) printf '%s' '{outputs}' >> \"${{argument#--output=github-output=}}\" ;;
                       --output=diff=*) echo diff > \"${{argument#--output=diff=}}\" ;;
                       --output=sarif=*) echo '{{}}' > \"${{argument#--output=sarif=}}\" ;;
                     esac
                   done
                 fi
                 exit {code}"
            ),
        );
    }

    /// A cargo that builds such a program, or fails.
    fn cargo(&self, code: i32) {
        self.fake("built", 0, "");
        self.executable(
            "bin/cargo",
            &format!(
                "printf 'in %s: %s\\n' \"$PWD\" \"$*\" >> '{}'
                 [ {code} = 0 ] || exit {code}
                 while [ $# -gt 0 ]; do case $1 in --root) root=$2 ;; --target-dir) target=$2 ;; esac; shift; done
                 '{mkdir}' -p \"$root/bin\" \"$target/release\"
                 exe=ecrewrite
                 if [ \"$RUNNER_OS\" = Windows ]; then exe=ecrewrite.exe; fi
                 '{cp}' '{}' \"$root/bin/$exe\"",
                self.shown("cargo.calls"),
                self.shown("built"),
                mkdir = find("mkdir").unwrap().display(),
                cp = find("cp").unwrap().display(),
            ),
        );
    }

    fn served(&self, version: &str) -> PathBuf {
        self.path("served").join(format!("v{version}"))
    }

    /// The archive of a release, with its checksum beside it.
    fn release(&self, version: &str, target: &str) -> String {
        let name = format!("ecrewrite-{version}-{target}");
        let exe = if target.contains("windows") { "ecrewrite.exe" } else { "ecrewrite" };
        fs::create_dir_all(self.path("packed").join(&name)).unwrap();
        fs::create_dir_all(self.served(version)).unwrap();
        self.fake(&format!("packed/{name}/{exe}"), 0, "");
        let archive = self.served(version).join(format!("{name}.tar.gz"));
        let packed = self.path("packed");
        let status = Command::new("tar")
            .arg("-czf")
            .arg(&archive)
            .arg("-C")
            .arg(packed)
            .arg(&name)
            .status()
            .expect("tar starts");
        assert!(status.success());
        let archive = format!("{name}.tar.gz");
        let sidecar = format!("{}  {archive}\n", sum(&self.served(version).join(&archive)));
        fs::write(self.served(version).join(format!("{archive}.sha256")), sidecar).unwrap();
        archive
    }

    /// The SHA-256 of an archive of this version.
    fn sum(&self, archive: &str) -> String {
        sum(&self.served(VERSION).join(archive))
    }

    /// The first step.
    fn install(&self, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> Ran {
        self.steps(&["install"], inputs, variables)
    }

    /// Both steps.
    fn run(&self, inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> Ran {
        self.steps(&["install", "run"], inputs, variables)
    }

    /// Both steps with the program under test.
    fn real(&self, inputs: &[(&str, &str)]) -> Ran {
        self.run(inputs, &[("ECREWRITE_BIN", PROGRAM)])
    }

    /// Both steps with a program that ends with this code.
    fn run_fake(&self, code: i32, inputs: &[(&str, &str)]) -> Ran {
        let _ = fs::remove_file(self.path("fake.arguments"));
        self.fake("fake", code, "");
        self.run(inputs, &[("ECREWRITE_BIN", &self.shown("fake"))])
    }

    /// The arguments that such a program got.
    fn arguments(&self) -> Vec<String> {
        let bytes = fs::read(self.path("fake.arguments")).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.strip_suffix('\0').unwrap().split('\0').map(str::to_owned).collect()
    }

    /// Steps of the action, up to the first that fails.
    fn steps(&self, ids: &[&str], inputs: &[(&str, &str)], variables: &[(&str, &str)]) -> Ran {
        let action = Action::read();
        for (name, _) in inputs {
            assert!(action.inputs.contains_key(*name), "there is no input {name}");
        }
        let mut values: BTreeMap<String, String> =
            action.inputs.iter().map(|(name, value)| (format!("inputs.{name}"), value.clone())).collect();
        values.extend(inputs.iter().map(|(name, value)| (format!("inputs.{name}"), (*value).to_owned())));

        let summary = self.path("summary");
        fs::write(&summary, "").unwrap();
        let mut ran = Ran {
            code: 0,
            stdout: String::new(),
            stderr: String::new(),
            outputs: BTreeMap::new(),
            summary: String::new(),
        };
        for step in action.steps.iter().filter(|step| ids.contains(&step.id.as_str())) {
            let script = self.path("temp").join(format!("{}.sh", step.id));
            fs::write(&script, &step.run).unwrap();
            let outputs = self.path("temp").join(format!("{}.outputs", step.id));
            fs::write(&outputs, "").unwrap();

            let mut command = Command::new("bash");
            command.args(["--noprofile", "--norc", "-eo", "pipefail"]).arg(&script);
            command.current_dir(self.path("workspace")).env_clear();
            command.env("PATH", format!("{}:{}", self.shown("bin"), self.shown("tools")));
            command.env("HOME", self.path("home"));
            command.env("CI", "true").env("GITHUB_ACTIONS", "true");
            command.env("RUNNER_OS", "Linux").env("RUNNER_ARCH", "X64").env("RUNNER_TEMP", self.path("temp"));
            command.env("GITHUB_WORKSPACE", self.path("workspace")).env("GITHUB_ACTION_PATH", self.path("action"));
            command.env("GITHUB_OUTPUT", &outputs).env("GITHUB_STEP_SUMMARY", &summary);
            command.envs(variables.iter().copied());
            for (name, value) in &step.env {
                command.env(name, expand(value, &values));
            }
            let output = command.output().expect("bash starts");
            ran.code = output.status.code().expect("no signal ended it");
            ran.stdout += &String::from_utf8(output.stdout).unwrap();
            ran.stderr += &String::from_utf8(output.stderr).unwrap();
            ran.outputs = read_outputs(&fs::read_to_string(outputs).unwrap());
            for (name, value) in &ran.outputs {
                values.insert(format!("steps.{}.outputs.{name}", step.id), value.clone());
            }
            if ran.code != 0 {
                break;
            }
        }
        ran.summary = fs::read_to_string(summary).unwrap();
        ran
    }
}

/// A value of `env`, with its expression replaced; what is unknown is empty, as on the runner.
fn expand(value: &str, values: &BTreeMap<String, String>) -> String {
    match value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")) {
        Some(name) => values.get(name).cloned().unwrap_or_default(),
        None => value.to_owned(),
    }
}

/// The file of a step's outputs, in which each is a line; the form for more lines is never needed.
fn read_outputs(text: &str) -> BTreeMap<String, String> {
    let mut outputs = BTreeMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once('=').unwrap_or_else(|| panic!("no output: {line:?}"));
        let earlier = outputs.insert(name.to_owned(), value.to_owned());
        assert!(earlier.is_none(), "{name} is set twice");
    }
    outputs
}

fn sum(file: &Path) -> String {
    let shasum = find("sha256sum").map_or(vec!["shasum", "-a", "256"], |_| vec!["sha256sum"]);
    let output = Command::new(shasum[0]).args(&shasum[1..]).arg(file).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim_start_matches('\\').split(' ').next().unwrap().to_owned()
}

/// A command of the machine that runs the tests.
fn find(tool: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap();
    std::env::split_paths(&path).map(|folder| folder.join(tool)).find(|file| file.is_file())
}
