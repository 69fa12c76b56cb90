//! A codemod over a commit, without a checkout: it prints what `git update-index --index-info` takes.
//!
//!   cargo run --example git_tree -- REVISION ACCOUNT REGION | git update-index --index-info
#![allow(clippy::print_stdout, reason = "git reads what it prints")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::{env, fmt::Write as _};

use ecrewrite::{Format, OfficialRoute, Policy, Registry, Rewriter};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [revision, account, region] = arguments.as_slice() else { return Err("usage: REVISION ACCOUNT REGION".into()) };
    let policy = Policy::new(Registry::new(Some(account), Some(region))?, Vec::new(), OfficialRoute::EcrPublic)?;
    print!("{}", index_info(Path::new("."), revision, policy)?);
    Ok(())
}

/// Rewrites the files of a commit, and puts those that change into git's store: mode, blob and path of each.
pub fn index_info(repository: &Path, revision: &str, policy: Policy) -> Result<String, Box<dyn Error>> {
    let (mut tree, mut modes) = (BTreeMap::new(), BTreeMap::new());
    // MODE blob ID, a tab, the path
    for entry in git(repository, &["ls-tree", "-r", "-z", revision], "")?.split_terminator('\0') {
        let (object, path) = entry.split_once('\t').ok_or("git says something else")?;
        let mut words = object.split(' ');
        if let (Some(mode), Some("blob"), Some(blob)) = (words.next(), words.next(), words.next())
            && mode != "120000"
            && Format::of_path(path).is_some()
            && let Ok(text) = git(repository, &["cat-file", "blob", blob], "")
        {
            modes.insert(path.to_owned(), mode.to_owned());
            tree.insert(path.to_owned(), text);
        }
    }
    let rewriter = Rewriter::new(policy).with_files(&tree);
    let mut lines = String::new();
    for (path, text) in &tree {
        if let Some(new) = rewriter.rewrite(path, text).text {
            let blob = git(repository, &["hash-object", "-w", "--stdin"], &new)?;
            writeln!(lines, "{} {}\t{path}", modes[path], blob.trim_end())?;
        }
    }
    Ok(lines)
}

fn git(repository: &Path, arguments: &[&str], input: &str) -> Result<String, Box<dyn Error>> {
    let mut command = Command::new("git");
    command.arg("-C").arg(repository).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut git = command.spawn()?;
    git.stdin.take().ok_or("git has no input")?.write_all(input.as_bytes())?;
    let output = git.wait_with_output()?;
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(format!("git {} failed", arguments.join(" ")).into()),
    }
}
