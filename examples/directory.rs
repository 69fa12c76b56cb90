//! A codemod over a folder: it reads all files first, since some say of others what may change, and writes those that do.
//!
//!   cargo run --example directory -- FOLDER ACCOUNT REGION
#![allow(clippy::print_stdout, reason = "it says what it wrote")]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use ecrewrite::{OfficialRoute, Policy, Registry, Rewriter};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, account, region] = arguments.as_slice() else { return Err("usage: FOLDER ACCOUNT REGION".into()) };
    let policy = Policy::new(Registry::new(Some(account), Some(region))?, Vec::new(), OfficialRoute::EcrPublic)?;
    migrate(Path::new(folder), policy)?.iter().for_each(|path| println!("{path}"));
    Ok(())
}

/// Rewrites the files below a folder, and names those that change.
pub fn migrate(folder: &Path, policy: Policy) -> Result<Vec<String>, Box<dyn Error>> {
    let mut files = BTreeMap::new();
    read(folder, "", &mut files)?;
    let rewriter = Rewriter::new(policy).with_files(&files);
    let mut changed = Vec::new();
    for (path, text) in &files {
        if let Some(new) = rewriter.rewrite(path, text).text {
            fs::write(folder.join(path), new)?;
            changed.push(path.clone());
        }
    }
    Ok(changed)
}

/// The files that are UTF-8, by their paths below the folder.
fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{path}/"), files)?;
        } else if let Ok(text) = String::from_utf8(fs::read(entry.path())?) {
            files.insert(path, text);
        }
    }
    Ok(())
}
