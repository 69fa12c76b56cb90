//! Where reports go: standard output, files, and errors to standard error.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anstream::{AutoStream, ColorChoice};
use ecrewrite::report::plain::plain;
use ecrewrite::report::{self, Detail, Format, Problem, Report, Setting, Tense};
use ecrewrite::source::display;
use ecrewrite::system::said;

use crate::Failure;
use crate::args::{ColorArg, FormatArg, OutputArgs, OutputFile};

/// Prints the report, what people do next, and writes it into the files that were named.
pub(crate) fn print(report: &Report, output: &OutputArgs, tense: Tense, next: Option<String>) -> Result<(), Failure> {
    let setting = setting(output, tense, next)?;
    let written = write_files(report, output, &setting);
    let text = view(output.format, report, &setting)?;
    if output.format == FormatArg::Text {
        let mut out = stdout(output.color);
        write!(out, "{text}")?;
        out.flush()?;
    } else {
        write!(io::stdout().lock(), "{text}")?;
    }
    print_errors(report, output.color)?;
    written
}

/// Writes the report into the files that were named, where standard output is for something else.
pub(crate) fn print_files(report: &Report, output: &OutputArgs, tense: Tense) -> Result<(), Failure> {
    let written = write_files(report, output, &setting(output, tense, None)?);
    print_errors(report, output.color)?;
    written
}

fn setting(output: &OutputArgs, tense: Tense, next: Option<String>) -> io::Result<Setting> {
    let detail = match (output.quiet, output.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let here = std::env::current_dir()?.canonicalize()?;
    let root = here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    Ok(Setting { tense, detail, next, root: root.unwrap_or_else(|| here.clone()), here })
}

fn view(format: FormatArg, report: &Report, setting: &Setting) -> Result<String, Failure> {
    report::print(format.into(), report, setting).map_err(|error| Failure::Misuse(error.to_string()))
}

/// Writes every file that can be written, and fails with the first that cannot.
fn write_files(report: &Report, output: &OutputArgs, setting: &Setting) -> Result<(), Failure> {
    let mut written = Ok(());
    for to in &output.output {
        let file = view(to.format, report, setting).and_then(|text| write_file(to, &text));
        written = written.and(file);
    }
    written
}

/// Whether a report holds the changes as diffs.
pub(crate) fn wants_diff(output: &OutputArgs) -> bool {
    let files = output.output.iter().map(|file| file.format);
    files.chain([output.format]).any(|format| format == FormatArg::Diff)
}

fn write_file(to: &OutputFile, text: &str) -> Result<(), Failure> {
    let failed = |error: io::Error| {
        let why = match error.kind() {
            io::ErrorKind::NotFound => "its folder is not there: make it first".to_owned(),
            _ => said(&error),
        };
        Failure::Misuse(format!("{}: cannot be written: {why}", display(&to.file)))
    };
    if Format::from(to.format).appends() {
        return append(to, text).map_err(failed);
    }
    let file = OpenOptions::new().write(true).create(true).truncate(true).open(&to.file).map_err(failed)?;
    match to.format {
        FormatArg::Text => write!(AutoStream::never(file), "{text}"),
        _ => write!(&file, "{text}"),
    }
    .map_err(failed)
}

/// Adds to what other steps have written, on a line of its own, and as a paragraph of its own where there are paragraphs.
fn append(to: &OutputFile, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(&to.file)?;
    let before = file.metadata()?;
    let lead = match to.format {
        _ if !before.is_file() || before.len() == 0 => "",
        FormatArg::Markdown => "\n\n",
        _ if ends_line(&to.file)? => "",
        _ => "\n",
    };
    write!(file, "{lead}{text}")
}

fn ends_line(file: &Path) -> io::Result<bool> {
    let mut last = [0];
    let mut file = File::open(file)?;
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last == *b"\n")
}

pub(crate) fn print_errors(report: &Report, color: ColorArg) -> Result<(), Failure> {
    let mut out = AutoStream::new(io::stderr(), choice(color)).lock();
    for Problem { path, place, message } in &report.errors {
        let (path, message) = (plain(path), plain(message));
        match place {
            Some(place) => writeln!(out, "error: {path}:{place}: {message}")?,
            None => writeln!(out, "error: {path}: {message}")?,
        }
    }
    Ok(())
}

pub(crate) fn stdout(color: ColorArg) -> AutoStream<io::StdoutLock<'static>> {
    AutoStream::new(io::stdout(), choice(color)).lock()
}

pub(crate) fn choice(color: ColorArg) -> ColorChoice {
    match color {
        ColorArg::Auto => ColorChoice::Auto,
        ColorArg::Always => ColorChoice::Always,
        ColorArg::Never => ColorChoice::Never,
    }
}

impl From<FormatArg> for Format {
    fn from(arg: FormatArg) -> Self {
        match arg {
            FormatArg::Text => Format::Text,
            FormatArg::Json => Format::Json,
            FormatArg::Diff => Format::Diff,
            FormatArg::Html => Format::Html,
            FormatArg::Github => Format::Github,
            FormatArg::Sarif => Format::Sarif,
            FormatArg::Rdjson => Format::Rdjson,
            FormatArg::Markdown => Format::Markdown,
            FormatArg::GithubOutput => Format::GithubOutput,
        }
    }
}
