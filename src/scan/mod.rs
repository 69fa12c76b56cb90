//! A run over files: walk, check or rewrite each, and gather what was found.

mod changes;
mod gathered;
mod writing;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ecrewrite::assembly::Folders;
use ecrewrite::content;
use ecrewrite::engine::rewrite_in;
use ecrewrite::inventory::resolve_locals;
use ecrewrite::report::{Located, Problem, Report};
use ecrewrite::schema::is_of_module;
use ecrewrite::source::display;
use ecrewrite::walk::{Prefilter, Roots, Visit, in_parallel, walk, walk_around};
use ecrewrite::{
    CacheRule, Context, FileReport, Format, Inventory, Kustomization, Outcome, Policy, Reason, Rewritten, Source,
    Stack, Upstream,
};

use self::gathered::{Change, Gathered, New, leave};
pub(crate) use self::writing::Writing;
use self::writing::clear_up;
use crate::progress::{Progress, READ};
use crate::settings::{Policies, Settings};
use crate::surroundings::{CACHE_RULES, SURROUNDINGS, defined_rules};

/// What a run does with the changes.
#[derive(Debug, Clone)]
pub(crate) enum Mode {
    /// Only finds them.
    Check,
    /// Writes them.
    Write(Writing),
}

/// What a run needs to know.
#[derive(Debug)]
pub(crate) struct Scan<'s> {
    pub(crate) roots: &'s Roots,
    pub(crate) settings: &'s Settings,
    pub(crate) mode: Mode,
    /// Whether the report gets the changes as diffs.
    pub(crate) diff: bool,
    /// Whether files are read too that have no images, and say something of how images are pulled.
    pub(crate) surroundings: bool,
    /// What is known of the folders of files that change.
    pub(crate) folders: Folders,
}

/// The files of a folder that may use its named values.
fn terraform_files(folder: &str) -> Vec<PathBuf> {
    let folder = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let is_of_module = |path: &PathBuf| is_of_module(&path.file_name().unwrap_or_default().to_string_lossy());
    entries.map(|entry| entry.path()).filter(is_of_module).collect()
}

fn folder_of(path: &str) -> String {
    path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()
}

fn is_terraform(path: &str) -> bool {
    matches!(Format::of_path(path), Some(Format::Terraform(_) | Format::TerraformVariables(_)))
}

/// What one reading of a file gives.
struct Judged {
    /// None where the reading came to no end.
    report: Option<FileReport>,
    problems: Vec<Problem>,
    new: Option<New>,
}

/// What a thread that panicked has gathered is still good.
fn lock(gathered: &Mutex<Gathered>) -> MutexGuard<'_, Gathered> {
    gathered.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells of what is not read.
fn skip(path: &Path, reason: Reason, gathered: &Mutex<Gathered>) {
    let report = FileReport::skipped(display(path), reason);
    lock(gathered).report.files.push(Located::whole(report));
}

/// What a run gives.
pub(crate) struct Scanned {
    pub(crate) report: Report,
    /// What the files say around the images, by path.
    pub(crate) inventories: Vec<(String, Inventory)>,
    /// The policies, with the cache rules that stand in the files.
    pub(crate) policies: Policies,
    /// What else people should know.
    pub(crate) notes: Vec<String>,
}

impl Scanned {
    /// Puts the cache rules that are in use into the report.
    pub(crate) fn name_rules(&mut self) {
        self.report.rules = self.policies.in_use(&self.report);
    }
}

impl<'s> Scan<'s> {
    /// A run that looks for images, and makes no diffs.
    pub(crate) fn new(roots: &'s Roots, settings: &'s Settings, mode: Mode) -> Self {
        Scan { roots, settings, mode, diff: false, surroundings: false, folders: Folders::default() }
    }
}

impl Scan<'_> {
    /// Does it. Cache rules that stand in the files, or exist elsewhere, hold as if they were configured: where there are
    /// some, the files are read once more.
    pub(crate) fn run(&self) -> Scanned {
        let _shown = Progress::start();
        let mut policies = self.settings.policies.clone();
        let existing = self.settings.existing.as_deref().unwrap_or_default();
        if let Some(with_existing) = policies.with_found(existing) {
            policies = with_existing;
        }
        let mut gathered = self.read(&policies);
        let mut cleared = None;
        if let Mode::Write(writing) = &self.mode {
            let cleared = cleared.insert(clear_up(&gathered, writing.undo_file.as_deref()));
            if cleared.has_put_back {
                gathered = self.read(&policies);
            }
        }
        let mut found: Vec<CacheRule> = existing.to_vec();
        found.extend(defined_rules(&gathered.inventories));
        // What some files of a repository say of rules, others may contradict.
        let holds = !self.roots.has_no_folder() && found.len() > existing.len();
        match self.settings.policies.with_found(&found).filter(|_| holds) {
            Some(with_found) if !with_found.is_as(&policies) => {
                gathered = self.read(&with_found);
                policies = with_found;
            }
            _ => {}
        }
        cleared.into_iter().for_each(|cleared| cleared.tell(&mut gathered));
        self.finish(gathered, policies)
    }

    fn read(&self, policies: &Policies) -> Gathered {
        let gathered = Mutex::new(Gathered::default());
        let mut words: Vec<&str> = self.settings.places.iter().map(|place| place.kind.as_str()).collect();
        Upstream::hosts().for_each(|host| words.push(host));
        words.extend(Stack::GIVEN_BY);
        words.extend(CACHE_RULES);
        if self.surroundings {
            words.extend(SURROUNDINGS);
        }
        let prefilter = Prefilter::new(words);
        let Settings { excludes, only, .. } = self.settings;
        walk(self.roots, excludes, only, &prefilter, &|visit| self.visit(visit, policies, &gathered));
        let mut gathered = gathered.into_inner().unwrap_or_else(PoisonError::into_inner);
        let files = self.roots.files();
        if !files.is_empty() {
            let around = Mutex::new(Gathered::default());
            walk_around(&files, excludes, only, &prefilter, &|visit| self.visit(visit, policies, &around));
            gathered.learn(around.into_inner().unwrap_or_else(PoisonError::into_inner));
        }
        self.again(policies, &mut gathered);
        gathered
    }

    fn finish(&self, mut gathered: Gathered, policies: Policies) -> Scanned {
        self.change(&mut gathered);
        gathered.report.sort();
        gathered.inventories.sort_by(|(one, _), (other, _)| one.cmp(other));
        resolve_locals(&mut gathered.inventories);
        Scanned { report: gathered.report, inventories: gathered.inventories, policies, notes: gathered.notes }
    }

    fn visit(&self, visit: Visit, policies: &Policies, gathered: &Mutex<Gathered>) {
        READ.fetch_add(1, Ordering::Relaxed);
        match visit {
            Visit::File(path, source) => self.file(&path, &source, policies.of(&path), gathered),
            Visit::Unlikely(path, name, _) if is_terraform(&name) => {
                let folder = folder_of(&name);
                lock(gathered).terraform.entry(folder).or_default().push((path, name));
            }
            Visit::Unlikely(path, name, bytes) if Stack::may_have_parameters(&name, &bytes) => {
                lock(gathered).unlikely.push((path, name));
            }
            Visit::Unlikely(..) => {}
            Visit::IgnoredAssembly(path) => skip(&path, Reason::IgnoredFolder, gathered),
            Visit::OutsideLink(path) => skip(&path, Reason::OutsideLink, gathered),
            Visit::TooLarge(path) => skip(&path, Reason::TooLarge, gathered),
            Visit::Error(error) => lock(gathered).problem(display(&error.path), error.place, error.message),
        }
    }

    fn file(&self, path: &Path, source: &Source, policy: &Policy, gathered: &Mutex<Gathered>) {
        let Judged { report, problems, new } = self.judge(path, source, policy, &self.settings.context(path, source));
        lock(gathered).report.errors.extend(problems);
        let Some(mut report) = report else { return };
        let kustomization = std::mem::take(&mut report.kustomization);
        let values = std::mem::take(&mut report.values);
        let stack = report.stack.take();
        let inventory = report.inventory.take();
        let has_word = || Stack::GIVEN_BY.iter().any(|word| source.text().contains(word));
        let may_give_parameters =
            stack.is_none() && (has_word() || Stack::may_have_parameters(source.path(), source.text().as_bytes()));
        let folder = folder_of(&report.path);
        let located = Located::new(report, source);
        let mut gathered = lock(gathered);
        gathered.keep(path, new);
        if kustomization != Kustomization::default() {
            gathered.kustomizations.push((located.report.path.clone(), kustomization));
        }
        if let Some(inventory) = inventory {
            gathered.inventories.push((located.report.path.clone(), *inventory));
        }
        gathered.stacks.extend(stack.map(|stack| (located.report.path.clone(), stack)));
        if may_give_parameters {
            gathered.parameters.push((path.to_owned(), located.report.path.clone()));
        }
        if is_terraform(source.path()) {
            let name = located.report.path.clone();
            gathered.terraform.entry(folder.clone()).or_default().push((path.to_owned(), name));
            if !values.is_empty() {
                gathered.modules.entry(folder).or_default().add(&values);
            }
        }
        gathered.report.read += 1;
        if !located.report.findings.is_empty() || located.report.skipped.is_some() {
            gathered.report.files.push(located);
        }
    }

    /// What becomes of a file, and of its new text. `check` promises what `rewrite` does: it goes the same way, and stops
    /// short of writing.
    fn judge(&self, path: &Path, source: &Source, policy: &Policy, context: &Context) -> Judged {
        // A defect in one parser must not take the other files with it.
        let inventory = self.surroundings || CACHE_RULES.iter().any(|word| source.text().contains(word));
        let mut options = self.settings.options;
        options.inventory = inventory;
        let judged = catch_unwind(AssertUnwindSafe(|| rewrite_in(source, policy, options, context)));
        let problem = |path: String, place, message: String| Problem { path, place, message };
        let Ok(Rewritten { mut report, text, .. }) = judged else {
            let message = "a defect of ecrewrite: please report it with the file; it was left as it is";
            let problems = vec![problem(display(path), None, message.to_owned())];
            return Judged { report: None, problems, new: None };
        };
        let mut problems = Vec::new();
        if let Some(error) = report.error.take() {
            let message = format!("{error}; the file was left as it is");
            problems.push(problem(report.path.clone(), Some(source.position(error.offset)), message));
        }
        if report.findings.iter().any(|finding| finding.outcome == Outcome::Left(Reason::NotVerified)) {
            problems.push(problem(report.path.clone(), None, Reason::NotVerified.sentence().to_owned()));
        }
        let new = text.and_then(|text| self.new_text(path, source, text, &mut report));
        Judged { report: Some(report), problems, new }
    }

    /// What the files that were read say of each other.
    fn around(&self, gathered: &mut Gathered) -> Context {
        let mut modules = BTreeMap::new();
        for (folder, values) in &gathered.modules {
            // Whatever else of the module is there may use a value, read or not.
            let mut whole = values.uncounted();
            for path in terraform_files(folder) {
                whole.count(&String::from_utf8_lossy(&content::bytes(&path).unwrap_or_default()));
            }
            modules.insert(folder.clone(), whole);
        }
        let here = std::env::current_dir().map(|here| display(&here)).unwrap_or_default();
        let kustomizations = std::mem::take(&mut gathered.kustomizations);
        let mut stacks = std::mem::take(&mut gathered.stacks);
        stacks.sort_by(|(one, _), (other, _)| one.cmp(other));
        Context::new(&here, self.settings.places.clone(), kustomizations, modules).with_stacks(stacks)
    }

    /// Where parameters are images, their values may stand in files without any sign of that; those values may as well be for
    /// templates that have no images.
    fn parameters(&self, policies: &Policies, gathered: &mut Gathered) {
        if !gathered.stacks.iter().any(|(_, stack)| stack.has_images()) {
            return gathered.parameters.clear();
        }
        let asked = std::mem::take(&mut gathered.unlikely).into_iter().map(|file| (file, true));
        let beside = std::mem::take(&mut gathered.templates).into_iter().map(|file| (file, false));
        for ((path, name), is_asked) in asked.chain(beside) {
            let Ok(text) = content::text(&path) else { continue };
            let source = Source::new(name.clone(), text);
            let context = self.settings.context(&path, &source);
            let judged = self.judge(&path, &source, policies.of(&path), &context);
            match judged.report.and_then(|report| report.stack) {
                Some(stack) => gathered.stacks.push((name, stack)),
                None if is_asked => gathered.parameters.push((path, name)),
                None => {}
            }
        }
    }

    /// Reads again the files of which others say something: manifests whose images a kustomization finds by their names,
    /// Terraform modules with images that are defined in another file, and values for the parameters of templates.
    fn again(&self, policies: &Policies, gathered: &mut Gathered) {
        self.parameters(policies, gathered);
        let context = self.around(gathered);
        let is_found = |change: &Change| change.in_manifests.iter().any(|name| context.may_match(name));
        let found = gathered.changes.iter().filter(|(_, change)| is_found(change));
        let mut files: Vec<(PathBuf, String)> =
            found.map(|(path, change)| (path.clone(), change.name.clone())).collect();
        files.append(&mut gathered.parameters);
        for (folder, of_module) in std::mem::take(&mut gathered.terraform) {
            if gathered.modules.contains_key(&folder) {
                files.extend(of_module);
            }
        }
        let of_charts = files.iter().filter(|(path, _)| self.settings.is_chart_template(path));
        let context = context.with_chart_templates(of_charts.map(|(_, name)| name.clone()));
        let mut places: HashMap<String, usize> = HashMap::new();
        for (index, file) in gathered.report.files.iter().enumerate() {
            places.insert(file.report.path.clone(), index);
        }
        let read = Mutex::new(Vec::new());
        let numbered: Vec<_> = files.iter().enumerate().collect();
        in_parallel(&numbered, |(number, (path, name))| {
            let Ok(text) = content::text(path) else { return };
            let source = Source::new(name.clone(), text);
            let Judged { report, problems, new } = self.judge(path, &source, policies.of(path), &context);
            let located = report.map(|report| Located::new(report, &source));
            read.lock().unwrap_or_else(PoisonError::into_inner).push((*number, located, problems, new));
        });
        let mut read = read.into_inner().unwrap_or_else(PoisonError::into_inner);
        read.sort_by_key(|(number, ..)| *number);
        let mut problems = Vec::new();
        let mut again = HashSet::new();
        for (number, located, more, new) in read {
            let (path, name) = &files[number];
            problems.extend(more);
            again.insert(name.clone());
            gathered.forget(path);
            gathered.keep(path, new);
            let Some(located) = located else {
                let known = places.get(name).map(|place| &mut gathered.report.files[*place].report);
                known.into_iter().for_each(|report| leave(report, Reason::NotVerified));
                continue;
            };
            let is_said = !located.report.findings.is_empty() || located.report.skipped.is_some();
            match places.get(name) {
                Some(place) => gathered.report.files[*place] = located,
                None if is_said => gathered.report.files.push(located),
                None => {}
            }
        }
        // What is wrong with a file is said once.
        gathered.report.errors.retain(|problem| !again.contains(&problem.path));
        gathered.report.errors.append(&mut problems);
    }
}
