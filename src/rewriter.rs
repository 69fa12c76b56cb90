//! The way in: a policy, and what is made of texts by it.

use std::collections::{BTreeMap, HashSet};

use crate::context::{Context, folder};
use crate::engine::{Rewritten, rewrite_as};
use crate::explanation::Explanation;
use crate::finding::FileReport;
use crate::image::{ImageRef, ImageRefError};
use crate::options::{Options, Unknown};
use crate::policy::Policy;
use crate::schema::{CustomPlace, Format, Kustomization, NamedValues, is_of_module};
use crate::source::Source;

/// Checks and rewrites texts by a [`Policy`]. Opens nothing, and says the same of the same text every time.
///
/// ```
/// use ecrewrite::{OfficialRoute, Outcome, Policy, Registry, Rewriter, apply};
///
/// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
/// let policy = Policy::new(registry, vec!["quay.io=quay".parse()?], OfficialRoute::EcrPublic)?;
/// let rewriter = Rewriter::new(policy);
///
/// let text = r#"{"containerDefinitions": [{"image": "nginx:1.27"}, {"image": "shop:dev"}]}"#;
/// let report = rewriter.check("task.json", text);
/// assert_eq!(report.findings[0].place, "containerDefinitions[0].image");
/// let Outcome::Rewrite { to, fix, .. } = &report.findings[0].outcome else { panic!("it has a rule") };
/// assert_eq!(&text[report.findings[0].span.range()], "\"nginx:1.27\"");
/// assert_eq!(apply(text, &fix.edits)?, text.replace("nginx:1.27", to));
/// assert!(to.ends_with("/ecr-public/docker/library/nginx:1.27"));
/// assert!(matches!(report.findings[1].outcome, Outcome::Left(reason) if reason.id() == "not-official"));
///
/// let rewritten = rewriter.rewrite("task.json", text);
/// assert_eq!(rewritten.text, Some(text.replace("nginx:1.27", to)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Rewriter {
    policy: Policy,
    options: Options,
    context: Context,
}

/// What a text is: how [`Rewriter`] reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject<'a> {
    /// A file of this path, with `/` between its parts. Its name says the format, its folders what belongs together.
    Path(&'a str),
    /// A text without a name.
    Format(Format),
}

impl<'a> From<&'a str> for Subject<'a> {
    fn from(path: &'a str) -> Self {
        Subject::Path(path)
    }
}

impl<'a> From<&'a String> for Subject<'a> {
    fn from(path: &'a String) -> Self {
        Subject::Path(path)
    }
}

impl From<Format> for Subject<'_> {
    fn from(format: Format) -> Self {
        Subject::Format(format)
    }
}

impl Rewriter {
    /// By this policy, with the [`Options`] that are default: safe changes, in files that are deployed.
    pub fn new(policy: Policy) -> Self {
        Rewriter { policy, options: Options::default(), context: Context::default() }
    }

    /// The same, with other options.
    #[must_use]
    pub fn with_options(self, options: Options) -> Self {
        Rewriter { options, ..self }
    }

    /// The same, with these places of images beside those that are known. They hold for what
    /// [`with_files`](Rewriter::with_files) reads, if they come first.
    #[must_use]
    pub fn with_places(self, places: Vec<CustomPlace>) -> Self {
        Rewriter { context: self.context.with_places(places), ..self }
    }

    /// The same, knowing what these files (path and text) say of each other: kustomizations find images by names that
    /// then stay in manifests, modules of Terraform define an image in one file and use it in another, and values for
    /// parameters stand beside templates. A file that is checked alone is taken to be alone, so whoever changes several
    /// files of a repository gives all of them here first.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use ecrewrite::{OfficialRoute, Policy, Registry, Rewriter};
    ///
    /// let registry = Registry::new(Some("111122223333"), Some("eu-central-1"))?;
    /// let tree = BTreeMap::from([
    ///     ("main.tf", "resource \"kubernetes_pod_v1\" \"web\" {\n  spec {\n    container {\n      image = var.web\n    }\n  }\n}\n"),
    ///     ("variables.tf", "variable \"web\" {\n  default = \"nginx:1.27\"\n}\n"),
    /// ]);
    /// let rewriter = Rewriter::new(Policy::new(registry, Vec::new(), OfficialRoute::EcrPublic)?);
    /// assert_eq!(rewriter.rewrite("variables.tf", tree["variables.tf"]).text, None);
    ///
    /// let rewriter = rewriter.with_files(&tree);
    /// let text = rewriter.rewrite("variables.tf", tree["variables.tf"]).text.expect("main.tf says that it is an image");
    /// assert!(text.contains(".amazonaws.com/ecr-public/docker/library/nginx:1.27\""));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_files<P: AsRef<str>, T: AsRef<str>>(self, files: impl IntoIterator<Item = (P, T)>) -> Self {
        let (mut kustomizations, mut stacks) = (Vec::new(), Vec::new());
        let mut modules: BTreeMap<String, NamedValues> = BTreeMap::new();
        let (mut of_modules, mut paths, mut charts) = (Vec::new(), Vec::new(), HashSet::new());
        for (path, text) in files {
            let path = path.as_ref().to_owned();
            paths.push(path.clone());
            if path.rsplit('/').next() == Some("Chart.yaml") {
                charts.insert(folder(&path).to_owned());
            }
            let report = self.run(Subject::Path(&path), text.as_ref(), self.options).report;
            if report.kustomization != Kustomization::default() {
                kustomizations.push((path.clone(), report.kustomization));
            }
            if !report.values.is_empty() {
                modules.entry(folder(&path).to_owned()).or_default().add(&report.values.uncounted());
            }
            stacks.extend(report.stack.map(|stack| (path.clone(), stack)));
            if is_of_module(&path) {
                of_modules.push((path, text));
            }
        }
        for (path, text) in &of_modules {
            modules.get_mut(folder(path)).into_iter().for_each(|module| module.count(text.as_ref()));
        }
        stacks.sort_by(|(one, _), (other, _)| one.cmp(other));
        let places = self.context.places().to_vec();
        let context = Context::new("", places, kustomizations, modules).with_stacks(stacks);
        paths.retain(|path| is_chart_template(path, &charts));
        Rewriter { context: context.with_chart_templates(paths), ..self }
    }

    /// The policy that it goes by.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The options that it goes by.
    pub fn options(&self) -> Options {
        self.options
    }

    /// Finds every reference of a text, and says what becomes of it, with the edits; what it promises,
    /// [`rewrite`](Rewriter::rewrite) does. Where account or region is not known, references are shown with placeholders,
    /// unless [`Options::unknown`] says that they stay.
    ///
    /// Nothing fails: a text that is not in its language has [`FileReport::error`], one that is left as a whole
    /// [`FileReport::skipped`], and a path of no format that is known an empty report.
    pub fn check<'s>(&self, subject: impl Into<Subject<'s>>, text: &str) -> FileReport {
        self.run(subject.into(), text, self.options).report
    }

    /// Makes every change that the policy and the options allow, and reads the result back: it has to show each new
    /// value at its place and everything else as it was. Where it does not, the text stays and the findings say so.
    ///
    /// [`Rewritten::text`] is `None` if nothing changes. A second run changes nothing. Placeholders are never written:
    /// where account or region is not known, references stay, and [`Reason::NoRegistry`](crate::Reason::NoRegistry) says
    /// why.
    pub fn rewrite<'s>(&self, subject: impl Into<Subject<'s>>, text: &str) -> Rewritten {
        let mut options = self.options;
        options.unknown = Unknown::Left;
        self.run(subject.into(), text, options)
    }

    /// What becomes of one reference, and why.
    ///
    /// # Errors
    ///
    /// [`ImageRefError`] if the text is not a reference.
    pub fn explain(&self, reference: &str) -> Result<Explanation, ImageRefError> {
        Ok(Explanation::new(ImageRef::parse(reference)?, &self.policy))
    }

    fn run(&self, subject: Subject<'_>, text: &str, options: Options) -> Rewritten {
        let (path, format) = match subject {
            Subject::Path(path) => (path, Format::of_path(path)),
            Subject::Format(format) => ("", Some(format)),
        };
        let options = Options { inventory: false, ..options };
        rewrite_as(&Source::new(path, text), format, &self.policy, options, &self.context)
    }
}

/// Whether a file lies where Helm looks for the templates of a chart: below `templates` in the folder of one.
fn is_chart_template(path: &str, charts: &HashSet<String>) -> bool {
    let mut above = folder(path);
    while !above.is_empty() {
        if above.rsplit('/').next() == Some("templates") && charts.contains(folder(above)) {
            return true;
        }
        above = folder(above);
    }
    false
}
