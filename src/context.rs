//! What is known beside a file: places that the user names, what kustomizations make of its images, and which named
//! values of its module are images.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::schema::{Around, CustomPlace, Followed, Kustomization, NamedValues, Stack, Stacks};

/// What is known beside a file. All paths are taken from one folder, the current one of a program.
#[derive(Debug, Clone, Default)]
pub struct Context {
    places: Vec<CustomPlace>,
    /// The folder that paths are relative to; empty if it does not matter.
    base: String,
    kustomizations: Vec<Reach>,
    /// For each name, the kustomizations that find images by it.
    by_name: HashMap<String, Vec<usize>>,
    /// For each folder of Terraform, the named values that are images.
    modules: HashMap<String, Arc<Followed>>,
    /// The templates of CloudFormation.
    stacks: Arc<Stacks>,
    /// The files that are templates of charts of Helm.
    chart_templates: HashSet<String>,
}

/// A kustomization and the files that it takes in.
#[derive(Debug, Clone, Default)]
struct Reach {
    path: String,
    names: HashMap<String, usize>,
    tested: HashMap<String, usize>,
    /// Files, and folders of which all is taken in.
    reached: HashSet<String>,
    is_everywhere: bool,
}

impl Context {
    /// Of files with these paths, relative to `base`: the kustomizations among them, and what the files of each folder of
    /// Terraform do with named values.
    pub fn new(
        base: &str,
        places: Vec<CustomPlace>,
        kustomizations: Vec<(String, Kustomization)>,
        modules: BTreeMap<String, NamedValues>,
    ) -> Self {
        let mut context = Context { places, base: base.to_owned(), ..Context::default() };
        context.kustomizations =
            reaches(kustomizations.into_iter().map(|(path, own)| (context.whole(&path), own)).collect());
        for (index, reach) in context.kustomizations.iter().enumerate() {
            for name in reach.names.keys().chain(reach.tested.keys()) {
                context.by_name.entry(name.clone()).or_default().push(index);
            }
        }
        let modules = modules.into_iter().map(|(folder, values)| (context.whole(&folder), Arc::new(values.followed())));
        context.modules = modules.collect();
        context
    }

    /// The same, with these places of images beside those that are known.
    #[must_use]
    pub fn with_places(self, places: Vec<CustomPlace>) -> Self {
        Context { places, ..self }
    }

    /// The same, with the templates of CloudFormation among the files.
    #[must_use]
    pub fn with_stacks(mut self, stacks: Vec<(String, Stack)>) -> Self {
        let stacks = stacks.into_iter().map(|(path, stack)| (self.whole(&path), stack)).collect();
        self.stacks = Arc::new(Stacks::new(stacks));
        self
    }

    /// The same, where the files with these paths are templates of charts of Helm, as the folders say that they lie in.
    #[must_use]
    pub fn with_chart_templates(mut self, paths: impl IntoIterator<Item = String>) -> Self {
        self.chart_templates = paths.into_iter().map(|path| self.whole(&path)).collect();
        self
    }

    /// Whether a file is a template of a chart of Helm.
    pub(crate) fn is_chart_template(&self, path: &str) -> bool {
        !self.chart_templates.is_empty() && self.chart_templates.contains(&self.whole(path))
    }

    /// The templates whose parameters a file may have values for.
    pub(crate) fn around(&self, path: &str) -> Around {
        if self.stacks.is_empty() {
            return Around::default();
        }
        Around { path: self.whole(path), stacks: Arc::clone(&self.stacks) }
    }

    /// Places of images beside those that are known.
    pub fn places(&self) -> &[CustomPlace] {
        &self.places
    }

    /// Whether nothing is known of other files.
    pub fn is_alone(&self) -> bool {
        self.kustomizations.is_empty() && self.modules.is_empty() && self.stacks.is_empty()
    }

    /// The named values that are images in the module of a file.
    pub(crate) fn followed(&self, path: &str) -> Option<&Arc<Followed>> {
        self.modules.get(folder(&self.whole(path))).filter(|followed| !followed.is_empty())
    }

    /// Whether a kustomization, wherever it is, replaces an image by this name.
    pub fn may_match(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// How often kustomizations that take a file in replace an image by this name.
    pub(crate) fn times_matched(&self, path: &str, name: &str) -> usize {
        let Some(found) = self.by_name.get(name) else { return 0 };
        let path = self.whole(path);
        let times = |reach: &Reach| {
            let of_name = |names: &HashMap<String, usize>| names.get(name).copied().unwrap_or_default();
            // What a patch tests is what was there before it.
            of_name(&reach.names) + if reach.path == path { 0 } else { of_name(&reach.tested) }
        };
        let mut taken = HashSet::new();
        let reaching = found.iter().filter(|index| taken.insert(**index)).map(|index| &self.kustomizations[*index]);
        reaching.filter(|reach| reach.takes_in(&path)).map(times).sum()
    }

    /// A path from the root of the file system on, without `.` and `..`.
    fn whole(&self, path: &str) -> String {
        if path.starts_with('/') { normal(path) } else { normal(&format!("{}/{path}", self.base)) }
    }
}

impl Reach {
    fn takes_in(&self, path: &str) -> bool {
        let mut at = path;
        loop {
            if self.is_everywhere || self.reached.contains(at) {
                return true;
            }
            match at.rsplit_once('/') {
                Some((above, _)) => at = above,
                None => return false,
            }
        }
    }
}

/// What each kustomization takes in: the files that it names, the folders that have no kustomization of their own, and
/// what the kustomizations of the others take in.
fn reaches(kustomizations: Vec<(String, Kustomization)>) -> Vec<Reach> {
    let mut by_place: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, (path, _)) in kustomizations.iter().enumerate() {
        by_place.entry(path).or_default().push(index);
        by_place.entry(folder(path)).or_default().push(index);
    }
    let there = |own: &str, named: &str| normal(&format!("{}/{named}", folder(own)));
    let counted = |names: &[String]| {
        let mut counts: HashMap<String, usize> = HashMap::new();
        names.iter().for_each(|name| *counts.entry(name.clone()).or_default() += 1);
        counts
    };
    // What each names: files and folders, and other kustomizations.
    let named: Vec<(Vec<String>, Vec<usize>)> = kustomizations
        .iter()
        .map(|(path, own)| {
            let (mut files, mut below) = (Vec::new(), Vec::new());
            for named in own.resources.iter().chain(&own.parts) {
                let there = there(path, named);
                match by_place.get(there.as_str()) {
                    Some(indices) => below.extend(indices),
                    None => files.push(there),
                }
            }
            (files, below)
        })
        .collect();
    let mut reaches = Vec::with_capacity(kustomizations.len());
    for (at, (path, own)) in kustomizations.iter().enumerate() {
        let mut names = own.names.clone();
        // What components and transformers replace, they replace in all of it.
        for part in &own.parts {
            let parts = by_place.get(there(path, part).as_str()).map_or(&[][..], Vec::as_slice);
            names.extend(parts.iter().flat_map(|index| kustomizations[*index].1.names.iter().cloned()));
        }
        let mut reached = HashSet::from([path.clone()]);
        let mut seen = HashSet::from([at]);
        let mut open = vec![at];
        while let Some(next) = open.pop() {
            let (files, below) = &named[next];
            reached.extend(files.iter().cloned());
            for index in below.iter().filter(|index| seen.insert(**index)) {
                reached.insert(kustomizations[*index].0.clone());
                open.push(*index);
            }
        }
        reaches.push(Reach {
            path: path.clone(),
            names: counted(&names),
            tested: counted(&own.tested),
            reached,
            is_everywhere: own.is_everywhere,
        });
    }
    reaches
}

/// The folder of a file.
pub(crate) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path without `.` and, where something stands before it, `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kustomization(path: &str, names: &[&str], resources: &[&str], parts: &[&str]) -> (String, Kustomization) {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let (names, resources, parts) = (owned(names), owned(resources), owned(parts));
        (path.to_owned(), Kustomization { names, resources, parts, ..Kustomization::default() })
    }

    #[test]
    fn a_kustomization_reaches_what_it_names() {
        let kustomizations = vec![
            kustomization("apps/base/kustomization.yaml", &[], &["pod.yaml", "more"], &[]),
            kustomization("./apps/prod/kustomization.yaml", &["nginx", "redis"], &["../base"], &[]),
            kustomization("/home/other/kustomization.yaml", &["nginx"], &["./pod.yaml"], &[]),
            kustomization("../shop/parts/kustomization.yaml", &[], &["../apps/base"], &["../comp"]),
            kustomization("comp/kustomization.yaml", &["httpd"], &[], &[]),
            kustomization("kustomization.yaml", &["solr"], &["pod.yaml"], &[]),
        ];
        let context = Context::new("/home/shop", Vec::new(), kustomizations, BTreeMap::new());
        let rows = [
            ("./apps/base/pod.yaml", "nginx", 1),
            ("apps/base/more/pod.yaml", "redis", 1),
            ("apps/base/unlisted.yaml", "redis", 0),
            ("apps/base/kustomization.yaml", "nginx", 1),
            ("apps/prod/kustomization.yaml", "nginx", 1),
            ("apps/based/pod.yaml", "nginx", 0),
            ("../other/pod.yaml", "nginx", 1),
            ("/home/other/pod.yaml", "redis", 0),
            ("apps/base/pod.yaml", "httpd", 1),
            ("pod.yaml", "solr", 1),
            ("pod.yaml", "nginx", 0),
        ];
        for (path, name, times) in rows {
            assert_eq!(context.times_matched(path, name), times, "{path} {name}");
        }
    }
}
