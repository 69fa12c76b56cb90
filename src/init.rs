//! `init`: looks at a repository, and writes its configuration.

use std::fs::OpenOptions;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ecrewrite::config::{Config, FILE_NAME};
use ecrewrite::home::{Sighting, WORDS, sightings};
use ecrewrite::report::Status;
use ecrewrite::source::display;
use ecrewrite::system::said;
use ecrewrite::walk::{Patterns, Prefilter, Roots, Visit, walk};
use ecrewrite::{Kinds, Registry, Source};

use crate::args::{ColorArg, InitArgs, PolicyArgs};
use crate::origin::ConfigFile;
use crate::output::print_errors;
use crate::proposal::Proposal;
use crate::scan::{Mode, Scan, Scanned};
use crate::settings::Settings;
use crate::{Failure, dialogue};

/// Writes the configuration of a folder, or prints it.
pub(crate) fn run(args: &InitArgs) -> Result<Status, Failure> {
    let file = args.path.join(FILE_NAME);
    let shown = display(&file);
    if !args.path.is_dir() {
        return Err(Failure::Misuse(format!("{}: there is no such folder", display(&args.path))));
    }
    if !args.stdout && file.symlink_metadata().is_ok() {
        return Err(exists(&shown));
    }
    for (flag, account, region) in [("--account", &args.account, &None), ("--region", &None, &args.region)] {
        Registry::new(account.as_deref(), region.as_deref()).map_err(|error| format!("{flag}: {error}"))?;
    }
    let scanned = scan(&args.path)?;
    print_errors(&scanned.report, ColorArg::Auto)?;
    let below = |path: &str| shown_below(path, &args.path);
    let given = (args.account.as_ref(), args.region.as_ref());
    let mut proposal = Proposal::of(&scanned, &homes(&args.path), given, &below);
    if !args.yes && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        dialogue::decide(&mut proposal)?;
    }
    let text = proposal.text();
    read_back(&file, &text)?;
    let mut out = std::io::stdout().lock();
    if args.stdout {
        write!(out, "{text}")?;
    } else {
        write(&file, &shown, &text)?;
        writeln!(out, "{shown}: {}", proposal.summary())?;
        next(&mut out, &proposal, &args.path)?;
        out.flush()?;
    }
    Ok(if scanned.report.errors.is_empty() { Status::Clean } else { Status::Broken })
}

fn exists(shown: &str) -> Failure {
    Failure::Misuse(format!(
        "{shown} is there already, and stays as it is: change it by hand, or remove it first; `ecrewrite init --stdout` \
         shows what would be written"
    ))
}

/// What the files say with a rule for every upstream, and with files of all kinds: no configuration and no environment.
fn scan(folder: &Path) -> Result<Scanned, Failure> {
    let args = PolicyArgs {
        all_upstreams: true,
        unsafe_fixes: true,
        also: vec![Kinds::on_request()],
        ..PolicyArgs::default()
    };
    let settings = Settings::of(&args, &[], &ConfigFile::default(), &|_| None)?;
    let roots = Roots::of(&[folder.to_owned()]);
    Ok(Scan::new(&roots, &settings, Mode::Check).run())
}

/// The accounts and regions that the files name, by path.
fn homes(folder: &Path) -> Vec<(String, Sighting)> {
    let found = Mutex::new(Vec::new());
    let keep = |source: &Source| {
        let path = shown_below(source.path(), folder);
        let sightings = sightings(source).into_iter().map(|sighting| (path.clone(), sighting));
        found.lock().unwrap_or_else(PoisonError::into_inner).extend(sightings);
    };
    let visit = |visit: Visit| match visit {
        Visit::File(_, source) => keep(&source),
        // What CDK made last is worth a look, whoever keeps it.
        Visit::IgnoredAssembly(assembly) => {
            let manifest = assembly.join("manifest.json");
            if let Ok(text) = ecrewrite::content::text(&manifest) {
                keep(&Source::new(display(&manifest), text));
            }
        }
        Visit::Unlikely(..) | Visit::OutsideLink(_) | Visit::TooLarge(_) | Visit::Error(_) => {}
    };
    let none = Patterns::none();
    walk(&Roots::of(&[folder.to_owned()]), &none, &none, &Prefilter::new(WORDS), &visit);
    let mut found = found.into_inner().unwrap_or_else(PoisonError::into_inner);
    found.sort();
    found
}

/// A path as seen from the folder that the configuration is for.
fn shown_below(path: &str, folder: &Path) -> String {
    let below = path.strip_prefix(&display(folder)).and_then(|below| below.strip_prefix('/'));
    below.unwrap_or(path).to_owned()
}

/// What is written has to say what is meant.
fn read_back(file: &Path, text: &str) -> Result<(), Failure> {
    let defect = |error: String| {
        Failure::Misuse(format!("a defect of ecrewrite, please report it; nothing was written: {error}"))
    };
    let config = ConfigFile::parse(file.to_owned(), text).map_err(|error| defect(error.to_string()))?;
    Settings::of(&PolicyArgs::default(), &[], &config, &|_| None).map(drop).map_err(defect)
}

fn write(file: &Path, shown: &str, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => exists(shown),
        _ => Failure::Misuse(format!("{shown}: cannot be written: {}", said(&error))),
    };
    let mut new = OpenOptions::new().write(true).create_new(true).open(file).map_err(failed)?;
    new.write_all(text.as_bytes()).map_err(failed)
}

/// Says what to do now.
fn next(out: &mut dyn Write, proposal: &Proposal, folder: &Path) -> Result<(), Failure> {
    let path = match display(folder) {
        here if here == "." => String::new(),
        path => format!(" {path}"),
    };
    if let Some(above) = above(folder) {
        writeln!(out, "{} no longer holds for this folder: the nearest one does", display(&above))?;
    }
    let first = match proposal.open() {
        Some(open) => format!("fill in the {open}; "),
        None => String::new(),
    };
    writeln!(
        out,
        "next: {first}`ecrewrite check{path}` shows what would change, `ecrewrite emit{path}` prints the rules and permissions that go first"
    )?;
    Ok(())
}

/// The configuration that held for a folder before it had its own.
fn above(folder: &Path) -> Option<PathBuf> {
    let folder = folder.canonicalize().ok()?;
    let above = if folder.join(".git").exists() { None } else { Config::discover(folder.parent()?) };
    let here = std::env::current_dir().unwrap_or_default();
    above.map(|above| above.strip_prefix(here).map(Path::to_owned).unwrap_or(above))
}
