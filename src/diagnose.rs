//! `doctor`: whether the references in use can be pulled.

use std::io::Write;
use std::path::{Path, PathBuf};

use ecrewrite::doctor::{Repository, Severity, diagnose, explain};
use ecrewrite::report::{Report, Status, diagnoses};
use ecrewrite::walk::Roots;

use crate::Failure;
use crate::args::{DiagnosesArg, DoctorArgs};
use crate::output::{print_errors, stdout};
use crate::scan::{Mode, Scan, Scanned};
use crate::settings::{Settings, folder_of};

/// Reads the repository and says what stands in the way of pulls; or explains an error text.
pub(crate) fn run(args: &DoctorArgs) -> Result<Status, Failure> {
    if let Some(text) = &args.error {
        let said = explain(text).ok_or_else(|| {
            Failure::Misuse(
                "--error: this text is none of those that are known; `ecrewrite doctor` without it reads the files"
                    .to_owned(),
            )
        })?;
        writeln!(stdout(args.color), "{said}")?;
        return Ok(Status::Clean);
    }
    if args.paths.contains(&PathBuf::from("-")) {
        return Err(Failure::Misuse("`doctor` reads files and folders, not standard input".to_owned()));
    }
    let settings = Settings::resolve(&args.policy, &args.exclude, &folder_of(&args.paths))?;
    let roots = Roots::of(&args.paths);
    let scan = Scan { surroundings: true, ..Scan::new(&roots, &settings, Mode::Check) };
    let Scanned { report, inventories, policies, .. } = scan.run();
    print_errors(&report, args.color)?;
    let files = report.files.iter().map(|file| (file.report.path.as_str(), file.report.findings.as_slice()));
    let existing = settings.existing.as_ref();
    let repository = Repository {
        files: files.collect(),
        inventories: &inventories,
        policy: &policies.base,
        existing: existing.map(|rules| rules.iter().map(|rule| rule.prefix().to_owned()).collect()),
        is_open: args.paths.iter().any(|path| is_open(path)),
    };
    let found = diagnose(&repository);
    match args.format {
        DiagnosesArg::Text => write!(stdout(args.color), "{}", diagnoses::text(&found, &report))?,
        DiagnosesArg::Json => {
            let json = diagnoses::json(&found, &report).map_err(|error| Failure::Misuse(error.to_string()))?;
            write!(std::io::stdout().lock(), "{json}")?;
        }
    }
    Ok(status(&report, found.iter().any(|diagnosis| diagnosis.check.severity() == Severity::Problem)))
}

fn status(report: &Report, has_problems: bool) -> Status {
    match (report.errors.is_empty(), has_problems) {
        (false, _) => Status::Broken,
        (true, true) => Status::Findings,
        (true, false) => Status::Clean,
    }
}

/// Whether strangers may run what a folder holds: it has a licence, and pipelines for pull requests.
fn is_open(folder: &Path) -> bool {
    let names = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        name.starts_with("license") || name.starts_with("licence") || name.starts_with("copying")
    };
    let runs = |path: &PathBuf| ecrewrite::content::text(path).is_ok_and(|text| text.contains("pull_request"));
    names(folder).iter().any(is_licence) && names(&folder.join(".github/workflows")).iter().any(runs)
}
