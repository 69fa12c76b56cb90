//! `revert --from`: undoes what one run replaced, to the byte.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use ecrewrite::report::plain::plain;
use ecrewrite::report::{Status, diff};
use ecrewrite::source::display;
use ecrewrite::system::said;
use ecrewrite::write::{self, Hold, Record, Recorded, Unit, WriteError};

use crate::Failure;
use crate::args::RewriteArgs;
use crate::output::{choice, stdout};

/// Files that are undone together, and what is in the way of that.
struct Undone {
    /// The folder, of a cloud assembly.
    assembly: Option<String>,
    names: Vec<String>,
    unit: Unit,
    _hold: Option<Hold>,
    problems: Vec<(String, String)>,
}

pub(crate) fn run(record: &Path, args: &RewriteArgs) -> Result<Status, Failure> {
    drop(write::sweep(folder_of(record)));
    let mut all = units(read(record)?);
    let mut problems: Vec<(String, String)> = all.iter_mut().flat_map(|one| one.problems.split_off(0)).collect();
    // What is in the way of one file of an assembly is in the way of the rest.
    all.retain(|one| !one.names.is_empty());
    let already = all.iter().filter(|one| one.unit.files.is_empty()).map(|one| one.names.len()).sum::<usize>();
    all.retain(|one| !one.unit.files.is_empty());
    if args.writing.all_or_nothing && !problems.is_empty() {
        all.clear();
    }
    if args.diff {
        // To the byte: what passes for colours may stand in a file.
        let mut out = std::io::stdout().lock();
        for file in all.iter().flat_map(|one| &one.unit.files) {
            let name = display(&file.path);
            match file.old_text() {
                Ok(now) => write!(out, "{}", diff::unified(&name, &now, &file.text))?,
                Err(error) => problems.push((name, left(&error))),
            }
        }
        out.flush()?;
    } else {
        let mut out = stdout(args.output.color);
        let names = put_back(&all, args.writing.all_or_nothing, &mut problems);
        if !args.output.quiet {
            names.iter().try_for_each(|name| writeln!(out, "{}", plain(name)))?;
        }
        let files = |count: usize| if count == 1 { "1 file".to_owned() } else { format!("{count} files") };
        let was = if already == 0 { String::new() } else { format!("; {} already as before", files(already)) };
        writeln!(out, "{} put back as before{was}", files(names.len()))?;
        out.flush()?;
    }
    problems.sort();
    let mut errors = anstream::AutoStream::new(std::io::stderr(), choice(args.output.color)).lock();
    problems.iter().try_for_each(|(name, message)| writeln!(errors, "error: {}: {}", plain(name), plain(message)))?;
    Ok(if problems.is_empty() { Status::Clean } else { Status::Broken })
}

fn read(record: &Path) -> Result<Record, String> {
    let shown = display(record);
    let text = ecrewrite::content::named_text(record)
        .map_err(|error| format!("--from {shown}: cannot be read: {}", said(&error)))?;
    Record::parse(&text)
        .map_err(|error| format!("--from {shown}: {error}\n  `ecrewrite rewrite --undo-file {shown}` writes one"))
}

fn folder_of(file: &Path) -> &Path {
    here(file.parent().unwrap_or(file))
}

fn here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() { Path::new(".") } else { folder }
}

/// What belongs together, in the order of the record.
fn units(record: Record) -> Vec<Undone> {
    let folders: BTreeSet<&Path> = record
        .files
        .iter()
        .flat_map(|file| [Some(folder_of(Path::new(&file.path))), file.assembly.as_deref().map(Path::new)])
        .flatten()
        .collect();
    folders.into_iter().for_each(|folder| drop(write::sweep(folder)));
    let mut all: Vec<Undone> = Vec::new();
    let mut assemblies: BTreeMap<String, usize> = BTreeMap::new();
    for file in record.files {
        let at = file.assembly.as_ref().and_then(|assembly| assemblies.get(assembly).copied());
        let at = at.unwrap_or_else(|| {
            let journal = file.assembly.as_ref().map(PathBuf::from);
            let hold = file.assembly.as_deref().map(|assembly| Hold::of(Path::new(assembly)));
            let unit = Unit { files: Vec::new(), journal };
            let assembly = file.assembly.clone();
            assemblies.extend(assembly.clone().map(|assembly| (assembly, all.len())));
            all.push(Undone { assembly, names: Vec::new(), unit, _hold: hold, problems: Vec::new() });
            all.len() - 1
        });
        add(&mut all[at], file);
    }
    for one in &mut all {
        if !one.problems.is_empty() {
            one.names.clear();
            one.unit.files.clear();
        }
    }
    all
}

fn add(one: &mut Undone, file: Recorded) {
    match file.undo.replacement(Path::new(&file.path)) {
        Ok(replacement) => {
            one.unit.files.extend(replacement);
            one.names.push(file.path);
        }
        Err(error) => one.problems.push(problem(one.assembly.as_deref(), &file.path, &left(&error))),
    }
}

/// Puts them back, and says which.
fn put_back(all: &[Undone], all_or_nothing: bool, problems: &mut Vec<(String, String)>) -> Vec<String> {
    let groups: Vec<Vec<&Undone>> = match all_or_nothing {
        true => vec![all.iter().collect()],
        false => all.iter().map(|one| vec![one]).collect(),
    };
    let mut names = Vec::new();
    for group in groups {
        let units: Vec<&Unit> = group.iter().map(|one| &one.unit).collect();
        match write::replace(&units) {
            Ok(()) => names.extend(units.iter().flat_map(|unit| &unit.files).map(|file| display(&file.path))),
            Err(failed) => {
                let has = |one: &&&Undone| one.unit.files.iter().any(|file| file.path == failed.path);
                let assembly = group.iter().find(has).and_then(|one| one.assembly.as_deref());
                let name = display(&failed.path);
                problems.push(problem(assembly, &name, &left(&failed.error)));
                for (path, error) in &failed.not_put_back {
                    let message =
                        format!("it was put back, and could not be changed again when another failed: {error}");
                    problems.push((display(path), message));
                }
            }
        }
    }
    names
}

fn problem(assembly: Option<&str>, file: &str, message: &str) -> (String, String) {
    match assembly {
        Some(assembly) => (assembly.to_owned(), format!("the cloud assembly was left as it is: {file}: {message}")),
        None => (file.to_owned(), format!("was left as it is: {message}")),
    }
}

fn left(error: &WriteError) -> String {
    match error {
        WriteError::Gone => "it is gone since that run".to_owned(),
        WriteError::Changed => "it changed since that run; undo this one by hand".to_owned(),
        error => format!("cannot be written: {error}"),
    }
}
