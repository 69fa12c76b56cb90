//! What is known beside a file: places that the user names, and what kustomizations make of its images.

use std::collections::BTreeMap;

use crate::schema::{CustomPlace, Kustomization, NamedValues};

/// What is known beside a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context {
    /// Places of images beside those that are known.
    pub places: Vec<CustomPlace>,
    /// The kustomizations among the files, each with the path of its own.
    pub kustomizations: Vec<(String, Kustomization)>,
    /// What the files of each Terraform module, by its folder, do with named values.
    pub modules: BTreeMap<String, NamedValues>,
}

impl Context {
    /// The folder of a file, as [`modules`](Context::modules) names it.
    pub fn module_of(path: &str) -> &str {
        folder(path)
    }

    /// Whether a kustomization, wherever it is, replaces an image by this reference's name.
    pub fn may_match(&self, reference: &str) -> bool {
        let named = |name: &String| {
            reference
                .strip_prefix(name.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '@', '{', '$']))
        };
        let names = self.kustomizations.iter().flat_map(|(_, own)| own.names.iter().chain(&own.tested));
        names.into_iter().any(named)
    }

    /// How often kustomizations that take a file in replace an image by this name.
    pub(crate) fn times_matched(&self, path: &str, name: &str) -> usize {
        let of_name = |names: &[String]| names.iter().filter(|own| *own == name).count();
        let times = |(own, kustomization): &(String, Kustomization)| {
            // What a patch tests is what was there before it.
            let tested = if own == path { 0 } else { of_name(&kustomization.tested) };
            match of_name(&kustomization.names) + tested {
                0 => 0,
                times if self.takes_in(own, kustomization, path) => times,
                _ => 0,
            }
        };
        self.kustomizations.iter().map(times).sum()
    }

    /// Whether a kustomization builds with a file: it is the file itself, or names it, its folder, or a kustomization
    /// that does.
    fn takes_in(&self, own: &str, kustomization: &Kustomization, path: &str) -> bool {
        if kustomization.is_everywhere {
            return true;
        }
        let path = normal(path);
        let mut reached = vec![normal(own)];
        let mut open = vec![(own, kustomization)];
        while let Some((own, kustomization)) = open.pop() {
            for resource in &kustomization.resources {
                let there = normal(&format!("{}/{resource}", folder(own)));
                if reached.contains(&there) {
                    continue;
                }
                let below = self.kustomizations.iter().filter(|(other, _)| normal(folder(other)) == there);
                open.extend(below.map(|(other, kustomization)| (other.as_str(), kustomization)));
                reached.push(there);
            }
        }
        reached.iter().any(|reached| {
            path == *reached || path.strip_prefix(reached.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A path without `.` and, where something stands before it, `..`.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" if !parts.is_empty() || !path.starts_with('/') => {}
            "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kustomization(path: &str, names: &[&str], resources: &[&str]) -> (String, Kustomization) {
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        let kustomization =
            Kustomization { names: owned(names), resources: owned(resources), ..Kustomization::default() };
        (path.to_owned(), kustomization)
    }

    #[test]
    fn a_kustomization_reaches_what_it_names() {
        let context = Context {
            kustomizations: vec![
                kustomization("./apps/base/kustomization.yaml", &[], &["pod.yaml", "more"]),
                kustomization("./apps/prod/kustomization.yaml", &["nginx", "redis"], &["../base"]),
                kustomization("./other/kustomization.yaml", &["nginx"], &["./pod.yaml"]),
            ],
            ..Context::default()
        };
        let rows = [
            ("./apps/base/pod.yaml", "nginx", 1),
            ("./apps/base/more/pod.yaml", "redis", 1),
            ("./apps/base/kustomization.yaml", "nginx", 1),
            ("./apps/prod/kustomization.yaml", "nginx", 1),
            ("./apps/based/pod.yaml", "nginx", 0),
            ("./other/pod.yaml", "nginx", 1),
            ("./other/pod.yaml", "redis", 0),
            ("./pod.yaml", "nginx", 0),
        ];
        for (path, name, times) in rows {
            assert_eq!(context.times_matched(path, name), times, "{path} {name}");
        }
    }
}
