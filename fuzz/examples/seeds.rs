//! Copies the files of `testdata` as inputs of each target: `cargo run --example seeds -- FOLDER`.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use ecrewrite::Format;
use ecrewrite::syntax::Language;
use ecrewrite_fuzz::{Given, TARGETS, header, program_header};

fn main() -> Result<(), Box<dyn Error>> {
    let to = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: seeds FOLDER")?);
    for (target, _) in TARGETS {
        fs::create_dir_all(to.join(target))?;
    }
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata"), &mut files)?;
    let mut references = 0;
    for (number, path) in files.iter().enumerate() {
        let bytes = fs::read(path)?;
        let (Some(name), true) = (name(path), bytes.len() < 8192) else { continue };
        let Some(format) = Format::of_path(&name) else { continue };
        let asked = path.with_file_name("args");
        let asked = fs::read_to_string(asked).unwrap_or_default();
        let given = Given {
            is_unsafe: asked.contains("--unsafe"),
            all_kinds: true,
            kustomize_add: asked.contains("--kustomize-add"),
            drop_credentials: asked.contains("--drop-credentials"),
            expressions: asked.contains("--registry-as"),
            rules: asked.contains("--rule"),
            repositories: false,
        };
        let target = match format {
            Format::Template | Format::Unreadable => "template",
            Format::Named(_, language)
            | Format::Document(language)
            | Format::Terraform(language)
            | Format::TerraformVariables(language) => match language {
                Language::Json | Language::JsonWithComments => "json",
                Language::Yaml if bytes.windows(2).any(|pair| pair == b"{{") => "template",
                Language::Yaml => "yaml",
                Language::Hcl => "hcl",
                Language::Dockerfile => "dockerfile",
                Language::Toml => "toml",
                _ => continue,
            },
            _ => "program",
        };
        let header_of_program = program_header(&name, &given);
        let seed = header_of_program.iter().flatten().chain(&bytes).copied().collect::<Vec<u8>>();
        fs::write(to.join(target).join(number.to_string()), seed)?;
        if let Some(header) = header(&name, &given) {
            for target in ["check", "rewrite"] {
                fs::write(to.join(target).join(number.to_string()), [&header[..], &bytes].concat())?;
            }
        }
        // Every word that could be one, once in a while.
        let text = String::from_utf8_lossy(&bytes);
        for word in
            text.split(|c: char| c.is_whitespace() || "\"'=,".contains(c)).filter(|word| word.contains([':', '/']))
        {
            if references % 7 == 0 {
                fs::write(to.join("reference").join(references.to_string()), word)?;
            }
            references += 1;
        }
    }
    Ok(())
}

/// What the program sees the file as.
fn name(path: &Path) -> Option<String> {
    let given = fs::read_to_string(path.with_file_name("name")).ok();
    let stem = path.file_name()?.to_str()?;
    let own = given.filter(|_| stem.starts_with("in") || stem.starts_with("out"));
    Some(own.map_or_else(|| stem.to_owned(), |name| name.trim().to_owned()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
