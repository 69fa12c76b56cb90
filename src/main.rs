//! The program: flags to a job, run, print, exit.

mod args;
mod baseline;
mod diagnose;
mod dialogue;
mod effective;
mod emission;
mod existing;
mod explain;
mod git;
mod init;
mod listed;
mod manual;
mod origin;
mod output;
mod progress;
mod proposal;
mod reports;
mod scan;
mod settings;
mod surroundings;
mod undo;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use ecrewrite::engine::rewrite_in;
use ecrewrite::report::{Located, Problem, Report, Status, Tense, diff, plain};
use ecrewrite::walk::Roots;
use ecrewrite::{Direction, Rewritten, Source, Spelling, Unknown};

use args::{CheckArgs, Cli, InputArgs, ListArgs, PolicyArgs, RewriteArgs, Verb, WritingArgs};
use output::{print, print_errors, print_files, wants_diff};
use scan::{Mode, Scan, Scanned, Writing};
use settings::{Settings, folder_of};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let status = match &cli.verb {
        Verb::Init(args) => init::run(args),
        Verb::Check(args) => run_check(args),
        Verb::Rewrite(args) => run_rewrite(args, Direction::ToCache),
        Verb::Revert(args) => match &args.from {
            Some(record) => undo::run(record, &args.rewrite),
            None => run_rewrite(&args.rewrite, Direction::ToUpstream(Spelling::Short)),
        },
        Verb::Emit(args) => emission::run(args),
        Verb::Doctor(args) => diagnose::run(args),
        Verb::Explain(args) => explain::run(args),
        Verb::Config(args) => effective::run(args),
        Verb::Completions(args) => manual::completions(args),
        Verb::Man(args) => manual::pages(args),
    };
    match status {
        Ok(status) => ExitCode::from(status.code()),
        // Whoever reads no further has what they wanted.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(anstream::stderr(), "error: {}", plain::lines(&failure.to_string()));
            ExitCode::from(Status::Broken.code())
        }
    }
}

/// Why a run did not come to its end.
pub(crate) enum Failure {
    /// Flags, configuration or paths that cannot be.
    Misuse(String),
    /// Standard input or output failed.
    Output(io::Error),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Misuse(message) => f.write_str(message),
            Failure::Output(error) => write!(f, "standard input or output: {error}"),
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Failure::Misuse(message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Failure::Output(error)
    }
}

fn run_check(args: &CheckArgs) -> Result<Status, Failure> {
    let mut settings = settings(&args.policy, &args.input)?;
    // People see what is missing where a name stands for it; git would apply that name.
    if wants_diff(&args.output) {
        require_registry(&mut settings)?;
    }
    let mut scanned = match stdin(&args.input)? {
        Some(source) => scanned(&settings, rewrite_source(&source, &settings), &source),
        None => {
            let roots = roots(&args.input, &args.list)?;
            let diff = wants_diff(&args.output);
            Scan { diff, ..Scan::new(&roots, &settings, Mode::Check) }.run()
        }
    };
    if let Some(file) = &args.baseline {
        baseline::apply(&mut scanned.report, file)?;
    }
    scanned.name_rules();
    let next = next_after_check(&scanned.report, &settings);
    print(&scanned.report, &args.output, Tense::Would, next)?;
    Ok(scanned.report.status())
}

fn next_after_check(report: &Report, settings: &Settings) -> Option<String> {
    let counts = report.counts();
    let missing = settings.missing().filter(|_| !settings.has_expressions() || shows_host(report, settings));
    match missing {
        _ if counts.rewrite == 0 && counts.cached == 0 => None,
        _ if counts.rewrite == 0 => Some("`ecrewrite doctor` says whether what is cached can be pulled".to_owned()),
        Some(missing) if settings.has_expressions() => Some(format!("`rewrite` leaves what needs the host: {missing}")),
        Some(missing) => Some(missing),
        None => Some(
            "`ecrewrite rewrite` with the same arguments makes the change; `ecrewrite emit` prints what to deploy before it"
                .to_owned(),
        ),
    }
}

fn next_after_rewrite(report: &Report, direction: Direction) -> Option<String> {
    let next = match direction {
        _ if report.counts().rewrite == 0 => return None,
        Direction::ToCache => {
            "`ecrewrite emit` prints the rules and permissions that these need: deploy those before the rewritten files"
        }
        Direction::ToUpstream(_) => "deploy these files before any cache rule goes",
    };
    Some(next.to_owned())
}

/// Whether something would change to the host of a registry that is not known.
fn shows_host(report: &Report, settings: &Settings) -> bool {
    report.files.iter().any(|file| {
        let registry = settings.policies.of(Path::new(&file.report.path)).registry();
        !registry.is_known() && file.report.rewrites().any(|(_, to, _)| to.starts_with(&registry.host()))
    })
}

/// What is needed to write references. Where an expression says the registry, nothing is missing; elsewhere the report
/// says what is.
fn require_registry(settings: &mut Settings) -> Result<(), Failure> {
    if let Some(missing) = settings.missing().filter(|_| !settings.has_expressions()) {
        return Err(Failure::Misuse(missing));
    }
    settings.options.unknown = Unknown::Left;
    Ok(())
}

fn run_rewrite(args: &RewriteArgs, direction: Direction) -> Result<Status, Failure> {
    let mut settings = settings(&args.policy, &args.input)?;
    settings.options.direction = direction;
    require_registry(&mut settings)?;
    if let Some(source) = stdin(&args.input)? {
        if args.writing.undo_file.is_some() {
            return Err(Failure::Misuse("--undo-file is for files; of standard input none is replaced".to_owned()));
        }
        return rewrite_stdin(args, &settings, &source);
    }
    let mode = if args.diff { Mode::Check } else { Mode::Write(writing(&args.writing)?) };
    let diff = args.diff || wants_diff(&args.output);
    let roots = roots(&args.input, &args.list)?;
    let mut scanned = Scan { diff, ..Scan::new(&roots, &settings, mode) }.run();
    scanned.name_rules();
    scanned.notes.iter().try_for_each(|note| writeln!(anstream::stderr(), "note: {}", plain::plain(note)))?;
    if args.diff {
        print_errors(&scanned.report, args.output.color)?;
        // To the byte: what passes for colours may stand in a file.
        let mut out = io::stdout().lock();
        scanned.report.diffs.values().try_for_each(|diff| write!(out, "{diff}"))?;
        out.flush()?;
    } else {
        let next = next_after_rewrite(&scanned.report, direction);
        print(&scanned.report, &args.output, Tense::Done, next)?;
    }
    Ok(if scanned.report.errors.is_empty() { Status::Clean } else { Status::Broken })
}

fn writing(args: &WritingArgs) -> Result<Writing, Failure> {
    let WritingArgs { all_or_nothing, allow_dirty, ref undo_file } = *args;
    if let Some(file) = undo_file.as_deref().filter(|file| file.symlink_metadata().is_ok()) {
        return Err(Failure::Misuse(format!(
            "--undo-file {}: it is there already, and may be what undoes an earlier run: name another file",
            ecrewrite::source::display(file)
        )));
    }
    Ok(Writing { all_or_nothing, allow_dirty, undo_file: undo_file.clone() })
}

/// Standard input is rewritten to standard output, and the report goes to standard error.
fn rewrite_stdin(args: &RewriteArgs, settings: &Settings, source: &Source) -> Result<Status, Failure> {
    let rewritten = rewrite_source(source, settings);
    let text = rewritten.text.clone();
    let text = text.as_deref().unwrap_or(source.text());
    let mut scanned = scanned(settings, rewritten, source);
    scanned.name_rules();
    print_files(&scanned.report, &args.output, Tense::Done)?;
    let mut out = io::stdout().lock();
    if args.diff {
        write!(out, "{}", diff::unified(source.path(), source.text(), text))?;
    } else {
        write!(out, "{text}")?;
    }
    out.flush()?;
    Ok(if scanned.report.errors.is_empty() { Status::Clean } else { Status::Broken })
}

pub(crate) fn rewrite_source(source: &Source, settings: &Settings) -> Rewritten {
    let path = Path::new(source.path());
    rewrite_in(source, settings.policies.of(path), settings.options, &settings.context(path, source))
}

pub(crate) fn settings(policy: &PolicyArgs, input: &InputArgs) -> Result<Settings, Failure> {
    Ok(Settings::resolve(policy, &input.exclude, &folder_of(&input.paths))?)
}

/// What a run searches.
fn roots(input: &InputArgs, list: &ListArgs) -> Result<Roots, Failure> {
    let force_exclude = list.force_exclude;
    Ok(match &list.files_from {
        Some(file) => Roots { listed: listed::read(file, list.null)?, force_exclude, ..Roots::default() },
        None => Roots { force_exclude, ..Roots::of(&input.paths) },
    })
}

/// Standard input, if it was asked for.
pub(crate) fn stdin(input: &InputArgs) -> Result<Option<Source>, Failure> {
    if !input.paths.contains(&PathBuf::from("-")) {
        return match &input.stdin_filename {
            Some(_) => Err(Failure::Misuse("--stdin-filename goes with the path `-`".into())),
            None => Ok(None),
        };
    }
    let Some(name) = input.stdin_filename.as_deref().filter(|_| input.paths.len() == 1) else {
        return Err(Failure::Misuse("`-` stands alone, and needs --stdin-filename NAME to say what it holds".into()));
    };
    if ecrewrite::Format::of_path(name).is_none() {
        let why = ecrewrite::Format::unread(name).unwrap_or(
            "the name is of no format that is read here: give it the ending of its language, for example deploy.yaml",
        );
        return Err(Failure::Misuse(format!("--stdin-filename {name}: {why}")));
    }
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).map_err(|_| Failure::Misuse(format!("{name}: standard input is not UTF-8")))?;
    Ok(Some(Source::new(ecrewrite::source::display(Path::new(name)), text)))
}

/// The report of a single source.
pub(crate) fn scanned(settings: &Settings, rewritten: Rewritten, source: &Source) -> Scanned {
    let Rewritten { report: mut file, text, .. } = rewritten;
    let mut report = Report::default();
    if let Some(text) = text {
        report.diffs.insert(file.path.clone(), diff::unified(source.path(), source.text(), &text));
    }
    if let Some(error) = file.error.take() {
        let place = Some(source.position(error.offset));
        report.errors.push(Problem { path: file.path.clone(), place, message: error.to_string() });
    }
    report.read = 1;
    let inventories = file.inventory.take().map(|inventory| (file.path.clone(), *inventory)).into_iter().collect();
    report.files.push(Located::new(file, source));
    Scanned { report, inventories, policies: settings.policies.clone(), notes: Vec::new() }
}
