//! `ecrewrite check` against `rg -l image` over one tree, in turn: the anchor of "as fast as reading the files".
//!
//! `cargo bench --bench against_ripgrep [-- FILES]` writes a tree of that many files (24,000 unless told) in the mix of a
//! large repository, runs both programs alternately and prints the ratio of their times. Nothing is asserted: times are
//! for reading, and only the ratio means something.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const RUNS: usize = 9;
const FILES: usize = 24_000;
const FILES_IN_A_FOLDER: usize = 40;

fn main() -> io::Result<()> {
    let files = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(FILES);
    if Command::new("rg").arg("--version").stdout(Stdio::null()).status().is_err() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "`rg` is not on the path; install ripgrep to compare with it",
        ));
    }
    let tree = tempfile::tempdir()?;
    let written = write_tree(tree.path(), files)?;
    println!(
        "{files} files, {} MiB, {:.1} % of them JSON, YAML or Terraform, {:.1} % with an image",
        written.bytes >> 20,
        percent(written.formats, files),
        percent(written.with_image, files),
    );
    let mut ours = Command::new(env!("CARGO_BIN_EXE_ecrewrite"));
    ours.args(["check", "-q"]).arg(tree.path());
    let mut theirs = Command::new("rg");
    theirs.args(["-l", "image"]).arg(tree.path());
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for run in 0..=RUNS {
        let (our, their) = (time(&mut ours)?, time(&mut theirs)?);
        // The first run of each warms the cache of files.
        if run > 0 {
            our_times.push(our);
            their_times.push(their);
        }
    }
    let (our, their) = (median(our_times), median(their_times));
    println!("ecrewrite check  {:>8.1} ms (median of {RUNS})", our.as_secs_f64() * 1e3);
    println!("rg -l image      {:>8.1} ms (median of {RUNS})", their.as_secs_f64() * 1e3);
    println!("ratio            {:>8.2}", our.as_secs_f64() / their.as_secs_f64());
    Ok(())
}

fn time(command: &mut Command) -> io::Result<Duration> {
    let start = Instant::now();
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    Ok(start.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn percent(part: usize, whole: usize) -> f64 {
    part as f64 * 100.0 / whole.max(1) as f64
}

#[derive(Default)]
struct Written {
    bytes: usize,
    formats: usize,
    with_image: usize,
}

/// Nine files of ten are source, notes and locks; the tenth is of one of our formats, half of those with images.
fn write_tree(root: &Path, files: usize) -> io::Result<Written> {
    let mut written = Written::default();
    for index in 0..files {
        let folder = root.join(format!("team{}/part{}", index / FILES_IN_A_FOLDER % 60, index / FILES_IN_A_FOLDER));
        fs::create_dir_all(&folder)?;
        let (name, text) = file(index);
        written.bytes += text.len();
        written.formats += usize::from(index % 10 == 0);
        written.with_image += usize::from(text.contains("image"));
        fs::write(folder.join(name), text)?;
    }
    Ok(written)
}

fn file(index: usize) -> (String, String) {
    let filler = |line: &str, lines: usize| -> String {
        (0..lines).map(|number| line.replace('#', &(number * 31 + index).to_string())).collect()
    };
    match index % 10 {
        0 => configuration(index, &filler),
        1 => (format!("notes{index}.md"), filler("Remark # on the state of things, to be read by nobody.\n", 60)),
        2 => (format!("pack{index}.lock"), filler("\"left-pad@#\": resolved, integrity sha512-abcdef#\n", 300)),
        3 => (format!("view{index}.css"), filler(".box-# { margin: #px; padding: 0 }\n", 120)),
        other => (format!("code{other}_{index}.ts"), filler("export const value# = compute(#, other#);\n", 180)),
    }
}

fn configuration(index: usize, filler: &dyn Fn(&str, usize) -> String) -> (String, String) {
    match index / 10 % 8 {
        0 => (
            format!("pod{index}.yaml"),
            format!(
                "apiVersion: v1\nkind: Pod\nmetadata:\n  name: p{index}\nspec:\n  containers:\n    - name: a\n      image: nginx:1.{index}\n      args:\n{}",
                filler("        - --flag-#=#\n", 40)
            ),
        ),
        1 => (
            format!("main{index}.tf"),
            format!(
                "resource \"aws_ecs_task_definition\" \"t{index}\" {{\n  container_definitions = jsonencode([{{ name = \"a\", image = \"public.ecr.aws/nginx/nginx:${{var.tag}}\" }}])\n}}\n{}",
                filler("resource \"aws_ssm_parameter\" \"p#\" {\n  name  = \"/p/#\"\n  value = \"#\"\n}\n", 30)
            ),
        ),
        2 => (
            format!("task{index}.json"),
            format!(
                "{{\"containerDefinitions\": [{{\"name\": \"a\", \"image\": \"redis:7\", \"environment\": [{}{{}}]}}]}}\n",
                filler("{\"name\": \"K#\", \"value\": \"#\"}, ", 40)
            ),
        ),
        3 => (
            format!("stack{index}.template.json"),
            format!(
                "{{\"Resources\": {{\"T\": {{\"Type\": \"AWS::ECS::TaskDefinition\", \"Properties\": {{\"ContainerDefinitions\": [{{\"Image\": \"nginx\"}}]}}}}, {} \"Z\": {{\"Type\": \"X\"}}}}}}\n",
                filler("\"R#\": {\"Type\": \"AWS::SNS::Topic\", \"Properties\": {\"TopicName\": \"t#\"}}, ", 60)
            ),
        ),
        4 => (format!("values{index}.yaml"), filler("key#:\n  nested: [#, #]\n", 60)),
        5 => (format!("data{index}.json"), format!("[{}0]\n", filler("{\"id\": #, \"title\": \"row #\"}, ", 80))),
        6 => (format!("vars{index}.tfvars"), filler("name_# = \"value #\"\n", 50)),
        _ => (format!("rules{index}.yml"), filler("- alert: A#\n  expr: up == #\n", 50)),
    }
}
