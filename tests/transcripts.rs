//! What the program says: each page of `testdata/transcripts` shows commands and all that they print; those of
//! `testdata/cdk-source/transcripts` with the feature of that name.
//!
//! A page is Markdown. Its blocks run from top to bottom, in one fresh repository and with nothing of the user's in the
//! environment:
//!
//! - ```` ```yaml deploy/pod.yaml ```` writes that file first. In the language `bytes`, `\0`, `\xff` and `\n` stand for
//!   bytes, and the file has no line ends but those.
//! - ```` ```console ```` holds commands and what they print: first the lines of standard output, then those of standard
//!   error after `2> `, then `? 2` for an exit code that is not 0. `$ ecrewrite …` is the program, `$ NAME=VALUE
//!   ecrewrite …` the program with a variable; `< FILE` at the end is its standard input. `$ cat FILE` shows a file.
//!
//! A line `…` stands for any number of lines, and `{version}` for the program's version. A block in a fence of four may
//! hold fences of three.
#![cfg(feature = "cli")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use common::page::{arguments, commands, fenced, matches, read};
use common::{Repo, Run};

#[test]
fn the_pages_show_what_the_program_says() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = read(&page);
        assert!(text.starts_with("# "), "{}: the first line says what the page shows", page.display());
        let repo = Repo::with::<&str>(&[]);
        for (begin, block) in fenced(&text) {
            match begin.split_once(' ') {
                None if begin == "console" => wrong.extend(difference(&page, &repo, &block)),
                Some((language, path)) => repo.write(path, content(language, &block)),
                None => panic!("{}: a block that begins with `{begin}` is neither a file nor commands", page.display()),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What nobody shows is what nobody has looked at.
#[test]
fn every_verb_flag_and_value_of_the_help_is_shown() {
    let repo = Repo::with::<&str>(&[]);
    let shown = shown();
    let program = repo.run(&["--help"]).exits(0).stdout;
    let mut missing = Vec::new();
    let mut flags: BTreeMap<Flag, Vec<&str>> = BTreeMap::new();
    let verbs = section(&program, "Commands:");
    let verbs: Vec<&str> = verbs.iter().filter_map(|line| line.split_whitespace().next()).collect();
    assert!(verbs.len() > 8, "the verbs were not found in\n{program}");
    for verb in verbs {
        if !shown.iter().any(|words| words[0] == verb) {
            missing.push(verb.to_owned());
        }
        if verb != "help" {
            let help = repo.run(&[verb, "--help"]).exits(0).stdout;
            of_help(&help).into_iter().for_each(|flag| flags.entry(flag).or_default().push(verb));
        }
    }
    assert!(flags.len() > 40, "the flags were not found");
    for (flag, verbs) in &flags {
        let of_verbs = || shown.iter().filter(|words| verbs.contains(&words[0].as_str()));
        for name in flag.names.iter().filter(|name| name.starts_with('-')) {
            if !of_verbs().any(|words| words.contains(name)) {
                missing.push(format!("{name} of {}", verbs.join(", ")));
            }
        }
        for value in &flag.values {
            let is_value = |word: &String| word.split([',', '=']).any(|part| part == value);
            let follows = |pair: &[String]| flag.names.contains(&pair[0]) && is_value(&pair[1]);
            let is_positional = flag.names.is_empty();
            if !of_verbs()
                .any(|words| words.windows(2).any(|pair| is_positional && is_value(&pair[1]) || follows(pair)))
            {
                missing.push(format!("{} {value} of {}", flag.names.join("|"), verbs.join(", ")));
            }
        }
    }
    assert!(missing.is_empty(), "no page and no README shows\n{}", missing.join("\n"));
}

/// A flag of a verb. Those of two verbs that are described alike are one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Flag {
    /// `-v` and `--verbose`; none for what is named by its place.
    names: Vec<String>,
    values: Vec<String>,
    text: String,
}

/// The flags of a long help, and the arguments that have a list of values.
fn of_help(help: &str) -> Vec<Flag> {
    let is_head = |line: &str| {
        let pad = line.len() - line.trim_start().len();
        pad > 0 && pad < 8 && line.trim_start().starts_with(['-', '<', '['])
    };
    let lines: Vec<&str> = help.lines().collect();
    let heads: Vec<usize> = (0..lines.len()).filter(|at| is_head(lines[*at])).collect();
    let ends = heads.iter().skip(1).copied().chain([lines.len()]);
    let flag = |(from, to): (&usize, usize)| {
        let words = lines[*from].split([' ', ',']).filter(|word| word.starts_with('-'));
        // The next heading is no part of it.
        let text = lines[from + 1..to].iter().copied().take_while(|line| line.is_empty() || line.starts_with(' '));
        let text: Vec<&str> = text.collect();
        let values = values(&text);
        let text: Vec<&str> = text.iter().flat_map(|line| line.split_whitespace()).collect();
        Flag { names: words.map(str::to_owned).collect(), values, text: text.join(" ") }
    };
    heads.iter().zip(ends).map(flag).collect()
}

/// The values that the text of an argument lists: in brackets, or one a line.
fn values(lines: &[&str]) -> Vec<String> {
    let text = lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ");
    if let Some((_, list)) = text.split_once("[possible values: ") {
        let list = list.split(']').next().unwrap_or_default();
        return list.split(", ").map(str::to_owned).collect();
    }
    let listed = lines.iter().skip_while(|line| line.trim() != "Possible values:").skip(1);
    listed.filter_map(|line| line.trim().strip_prefix("- ")?.split(':').next()).map(str::to_owned).collect()
}

/// The lines below a heading, up to an empty one.
fn section<'t>(text: &'t str, heading: &str) -> Vec<&'t str> {
    text.lines().skip_while(|line| *line != heading).skip(1).take_while(|line| !line.is_empty()).collect()
}

/// The words of each command that a page, the README or a document shows.
fn shown() -> Vec<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = [in_folder("testdata/transcripts"), in_folder("testdata/cdk-source/transcripts")].concat();
    texts.push(root.join("README.md"));
    let mut shown = Vec::new();
    for text in texts {
        for (begin, block) in fenced(&read(&text)) {
            if begin == "console" {
                let commands = commands(&block, "$ ").into_iter().map(|(command, _)| Command::of(command));
                shown
                    .extend(commands.filter(|command| command.program == "ecrewrite").map(|command| command.arguments));
            }
        }
    }
    shown.retain(|words| !words.is_empty());
    shown
}

fn pages() -> Vec<PathBuf> {
    let mut pages = in_folder("testdata/transcripts");
    if cfg!(feature = "cdk-source") {
        pages.append(&mut in_folder("testdata/cdk-source/transcripts"));
    }
    pages
}

fn in_folder(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut pages: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    let names: BTreeSet<_> = pages.iter().filter_map(|page| page.extension()).collect();
    assert!(names.iter().all(|ending| *ending == "md") && !pages.is_empty(), "pages end with .md: {names:?}");
    pages
}

/// The content of a file that a page shows.
fn content(language: &str, lines: &[&str]) -> Vec<u8> {
    if language != "bytes" {
        return lines.iter().flat_map(|line| [line, "\n"]).collect::<String>().into_bytes();
    }
    let text = lines.concat();
    let mut bytes = Vec::new();
    let mut rest = text.as_str();
    while let Some((before, escape)) = rest.split_once('\\') {
        bytes.extend(before.as_bytes());
        let (byte, length) = match escape.as_bytes().first() {
            Some(b'0') => (0, 1),
            Some(b'n') => (b'\n', 1),
            Some(b'x') => (u8::from_str_radix(&escape[1..3], 16).expect("two hexadecimal digits"), 3),
            other => panic!("`\\{other:?}` stands for no byte"),
        };
        bytes.push(byte);
        rest = &escape[length..];
    }
    bytes.extend(rest.as_bytes());
    bytes
}

/// A command of a page.
struct Command {
    variables: Vec<(String, String)>,
    program: String,
    arguments: Vec<String>,
    stdin: Option<String>,
}

impl Command {
    fn of(text: &str) -> Self {
        let mut words = arguments(text);
        let file = words.iter().position(|word| word == "<").map(|at| words.split_off(at));
        let is_variable = |word: &&String| word.contains('=');
        let count = words.iter().take_while(is_variable).count();
        let variables = words.drain(..count).map(|word| {
            let (name, value) = word.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        });
        let variables = variables.collect();
        let program = words.remove(0);
        Command { variables, program, arguments: words, stdin: file.map(|mut file| file.remove(1)) }
    }

    /// What it prints, line by line, as pages show it.
    fn run(&self, repo: &Repo) -> Vec<String> {
        if self.program == "cat" {
            return repo.read(&self.arguments[0]).lines().map(str::to_owned).collect();
        }
        assert_eq!(self.program, "ecrewrite", "pages run nothing else");
        let arguments: Vec<&str> = self.arguments.iter().map(String::as_str).collect();
        let mut command = repo.command(&arguments);
        // So wide is a terminal that is none.
        command.env("COLUMNS", "100").envs(self.variables.iter().map(|(name, value)| (name, value)));
        if let Some(file) = &self.stdin {
            command.stdin(fs::File::open(repo.path(file)).unwrap());
        }
        let Run { code, stdout, stderr } = Run::of(command);
        // The program is called otherwise where programs have an ending.
        let stderr = stderr.replace("ecrewrite.exe", "ecrewrite");
        let mut lines: Vec<String> = stdout.replace("ecrewrite.exe", "ecrewrite").lines().map(str::to_owned).collect();
        lines.extend(stderr.lines().map(|line| format!("2> {line}").trim_end().to_owned()));
        lines.extend(code.filter(|code| *code != 0).map(|code| format!("? {code}")));
        lines
    }
}

/// A whole block as it would be, if one of its commands prints something else.
fn difference(page: &Path, repo: &Repo, block: &[&str]) -> Option<String> {
    let mut is_wrong = false;
    let mut now = String::new();
    for (command, expected) in commands(block, "$ ") {
        let expected: Vec<String> =
            expected.iter().map(|line| line.replace("{version}", env!("CARGO_PKG_VERSION"))).collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let lines = Command::of(command).run(repo);
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let is_same = matches(&expected, &lines);
        is_wrong |= !is_same;
        let kept = if is_same { expected } else { lines };
        now += &format!("$ {command}\n{}", kept.iter().flat_map(|line| [line, "\n"]).collect::<String>());
    }
    is_wrong.then(|| format!("{}: this block now is\n\n```console\n{now}```\n", page.display()))
}
