//! `emit`: what the references in use need, printed or written into a folder.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anstream::AutoStream;
use ecrewrite::destination::Notation;
use ecrewrite::doctor::{Repository, Survey, survey};
use ecrewrite::emit::{Dialect, File, Needs, Section, Style, emit, emit_each};
use ecrewrite::report::plain::plain;
use ecrewrite::report::{Report, Status};
use ecrewrite::source::display;
use ecrewrite::system::said;
use ecrewrite::walk::Roots;
use ecrewrite::{Finding, Policy};

use crate::args::{DialectArg, EmitArgs, SectionArg};
use crate::output::{choice, print_errors};
use crate::reports::{self, Reports};
use crate::scan::{Mode, Scan, Scanned};
use crate::settings::{Policies, Settings};
use crate::{Failure, rewrite_source, scanned, settings, stdin};

/// What reports leave open.
const ENDPOINTS: &str = "reports do not say which endpoints there are, nor what tasks log and read: \
                         `ecrewrite emit --section endpoints` in a repository does";

/// Prints what is needed, or writes it.
pub(crate) fn run(args: &EmitArgs) -> Result<Status, Failure> {
    let settings = settings(&args.policy, &args.input)?;
    let reports = if args.from.is_empty() { None } else { Some(reports::read(&args.from)?) };
    let scanned = match (&reports, stdin(&args.input)?) {
        (Some(reports), _) => of_reports(args, reports, &settings)?,
        (None, Some(source)) => scanned(&settings, rewrite_source(&source, &settings), &source),
        (None, None) => {
            Scan { surroundings: true, ..Scan::new(&Roots::of(&args.input.paths), &settings, Mode::Check) }.run()
        }
    };
    print_errors(&scanned.report, args.color)?;
    let existing = settings.existing.as_ref();
    let existing = existing.map(|rules| rules.iter().map(|rule| rule.prefix().to_owned()).collect());
    let (needs, roles_elsewhere) = needs(args, &scanned, existing)?;
    let dialect = Dialect::from(args.dialect);
    let mut sections: Vec<Section> = args.section.iter().map(|section| Section::from(*section)).collect();
    if sections.is_empty() {
        sections = [Section::Rules, Section::Iam].into_iter().filter(|section| dialect.writes(*section)).collect();
    }
    if let Some(section) = sections.iter().find(|section| section.is_infrastructure() && !dialect.writes(**section)) {
        return Err(Failure::Misuse(format!(
            "the section `{}` is no policy, and --as json prints policies only: leave it out, or name another dialect with \
             --as",
            section.name()
        )));
    }
    let style = Style { literals: args.literals, provider: args.provider };
    match &args.out_dir {
        Some(folder) => write(folder, &emit_each(&needs, &sections, dialect, style))?,
        None => print(&emit(&needs, &sections, dialect, style))?,
    }
    let mut notes = AutoStream::new(std::io::stderr(), choice(args.color)).lock();
    if sections.contains(&Section::Attach) {
        for role in roles_elsewhere {
            writeln!(
                notes,
                "note: the role {} pulls, is not defined in these files, and needs the policy too",
                plain(&role)
            )?;
        }
    }
    if let Some(reports) = &reports {
        if sections.contains(&Section::Endpoints) {
            writeln!(notes, "note: {ENDPOINTS}")?;
        }
        write!(notes, "{}", reports.table())?;
    }
    if sections.contains(&Section::Login) && needs.kinds().is_empty() {
        writeln!(
            notes,
            "note: no file of builds, pipelines or laptops names the cache, so there is no login to print"
        )?;
    }
    Ok(if scanned.report.errors.is_empty() { Status::Clean } else { Status::Broken })
}

/// What reports say in the place of files.
fn of_reports(args: &EmitArgs, reports: &Reports, settings: &Settings) -> Result<Scanned, Failure> {
    if args.section.contains(&SectionArg::Attach) {
        return Err(Failure::Misuse(
            "the section `attach` needs the files, which define the roles: run `ecrewrite emit --section attach` in each \
             repository"
                .to_owned(),
        ));
    }
    Ok(reports.scanned(settings)?)
}

/// One file goes to standard output; several would not be one text.
fn print(files: &[File]) -> Result<(), Failure> {
    match files {
        [file] => Ok(write!(std::io::stdout().lock(), "{}", file.text)?),
        [] => Ok(()),
        _ => {
            let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
            Err(Failure::Misuse(format!(
                "these are several files ({}): name a folder with --out-dir, or one section at a time with --section",
                names.join(", ")
            )))
        }
    }
}

/// Writes new files. What is there already may have been changed by hand, and stays.
fn write(folder: &Path, files: &[File]) -> Result<(), Failure> {
    let failed = |path: &Path, error: std::io::Error| {
        Failure::Misuse(format!("{}: cannot be written: {}", display(path), said(&error)))
    };
    let paths: Vec<(PathBuf, &File)> = files.iter().map(|file| (folder.join(&file.name), file)).collect();
    if let Some((path, _)) = paths
        .iter()
        .find(|(path, file)| path.exists() && std::fs::read_to_string(path).map_or(true, |text| text != file.text))
    {
        return Err(Failure::Misuse(format!(
            "{} is there already, and is another text: nothing was written; remove it, or name another folder",
            display(path)
        )));
    }
    for (path, file) in &paths {
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(|error| failed(parent, error))?;
        std::fs::write(path, &file.text).map_err(|error| failed(path, error))?;
        writeln!(std::io::stdout().lock(), "{}", display(path))?;
    }
    Ok(())
}

/// What the references in use need, which have to go through one registry: rules belong to an account and a region.
fn needs(
    args: &EmitArgs,
    scanned: &Scanned,
    existing: Option<BTreeSet<String>>,
) -> Result<(Needs, BTreeSet<String>), Failure> {
    let Scanned { report, policies, inventories, .. } = scanned;
    let mut policy: Option<&Policy> = None;
    let mut prefixes = Vec::new();
    for file in &report.files {
        let of_file = file.report.findings.iter().filter_map(|finding| finding.outcome.rule());
        let before = prefixes.len();
        prefixes.extend(of_file);
        if prefixes.len() == before {
            continue;
        }
        let own = policies.of(Path::new(&file.report.path));
        let known = policy.get_or_insert(own);
        if !known.fills_as(own) {
            return Err(Failure::Misuse(format!(
                "{} goes by other settings than the files before it (`overrides` of the configuration), and rules \
                 belong to one registry: name the files of one at a time",
                file.report.path
            )));
        }
    }
    let policy = policy.unwrap_or(&policies.base);
    let files = report.files.iter().map(|file| (file.report.path.as_str(), file.report.findings.as_slice()));
    let repository = Repository { files: files.collect(), inventories, policy, existing, is_open: false };
    let Survey { images, workload, roles, elsewhere, existing, locals, granted, endpoints } = survey(&repository);
    let findings = report.files.iter().flat_map(|file| &file.report.findings);
    let in_use = findings.filter(|finding| finding.outcome.rule().is_some() && finding.kind.on_request().is_some());
    let kinds: Vec<&'static str> = in_use.map(|finding| finding.kind.id()).collect();
    let needs = Needs::new(policy, prefixes).with_images(images).with_workload(workload);
    let mut needs = needs.with_roles(roles).with_kinds(kinds);
    if args.exact_repositories {
        needs = needs.with_exact_repositories();
    }
    if !args.all {
        needs = needs.with_existing(existing).with_granted(granted).with_endpoints(endpoints);
    }
    if let Some(name) = local(policies, report).filter(|name| !locals.contains(name)) {
        needs = needs.with_local(&name);
    }
    Ok((needs, elsewhere))
}

/// The local of Terraform that references in use name instead of the registry's host.
fn local(policies: &Policies, report: &Report) -> Option<String> {
    report.files.iter().find_map(|file| {
        let expression = policies.of(Path::new(&file.report.path)).expressions().get(Notation::Terraform)?;
        // A part of a local is its definition's to say.
        let name = expression.name()?.strip_prefix("local.").filter(|name| !name.contains('.'))?;
        let in_use = file.report.findings.iter().filter(|finding| finding.outcome.rule().is_some());
        let says = |finding: &Finding| expression.leads(finding.afterwards()).is_some();
        in_use.into_iter().any(says).then(|| name.to_owned())
    })
}

impl From<DialectArg> for Dialect {
    fn from(arg: DialectArg) -> Self {
        match arg {
            DialectArg::Terraform => Dialect::Terraform,
            DialectArg::CloudFormation => Dialect::CloudFormation,
            DialectArg::CloudFormationJson => Dialect::CloudFormationJson,
            DialectArg::Cli => Dialect::Cli,
            DialectArg::Json => Dialect::Json,
            DialectArg::CdkTypescript => Dialect::CdkTypeScript,
            DialectArg::CdkPython => Dialect::CdkPython,
        }
    }
}

impl From<SectionArg> for Section {
    fn from(arg: SectionArg) -> Self {
        match arg {
            SectionArg::Rules => Section::Rules,
            SectionArg::Iam => Section::Iam,
            SectionArg::Templates => Section::Templates,
            SectionArg::RegistryPolicy => Section::RegistryPolicy,
            SectionArg::Endpoints => Section::Endpoints,
            SectionArg::Builder => Section::Builder,
            SectionArg::Attach => Section::Attach,
            SectionArg::WarmUp => Section::WarmUp,
            SectionArg::Bots => Section::Bots,
            SectionArg::Login => Section::Login,
            SectionArg::Kubernetes => Section::Kubernetes,
        }
    }
}
