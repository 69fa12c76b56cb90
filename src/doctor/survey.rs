//! What the files say of pulls, for what is emitted: only what is missing, and for those who pull.

use std::collections::BTreeSet;

use super::{CACHE, PULL, Repository, repository_of, runs_in_a_cluster};
use crate::doctor::estate::Estate;
use crate::emit::{CachedImage, PullingRole, RoleDefinition, Workload};
use crate::inventory::{Answer, Inventory, Known, LOGIN, Puller, Repository as Place, Service};
use crate::schema::SiteKind;

/// What the files say of pulls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Survey {
    /// The images that go through the cache, or will.
    pub images: BTreeSet<CachedImage>,
    /// What pulls them.
    pub workload: Workload,
    /// The roles that pull them and may not yet, where the files define them.
    pub roles: BTreeSet<PullingRole>,
    /// The roles that pull them and are not defined in the files, as they are written there.
    pub elsewhere: BTreeSet<String>,
    /// The prefixes whose repositories each role that pulls may already use, where all of them are known.
    pub granted: BTreeSet<String>,
    /// The prefixes of rules that exist.
    pub existing: BTreeSet<String>,
    /// The services with an endpoint.
    pub endpoints: BTreeSet<String>,
    /// The locals that some module of Terraform defines.
    pub locals: BTreeSet<String>,
}

/// Looks for all of that.
pub fn survey(repository: &Repository<'_>) -> Survey {
    let estate = Estate::of(repository.inventories);
    let registry = repository.policy.registry();
    let (region, account) = (registry.known_region(), registry.known_account());
    let mut survey = Survey { existing: repository.existing.clone().unwrap_or_default(), ..Survey::default() };
    for (_, inventory) in repository.inventories {
        survey.add(inventory);
    }
    // By prefix, whether all that is known of who pulls is enough.
    let mut enough: Vec<(&str, bool)> = Vec::new();
    for (path, findings) in &repository.files {
        for finding in *findings {
            let Some(prefix) = finding.outcome.rule() else { continue };
            let repository = repository_of(finding.afterwards(), prefix);
            survey.images.insert(image(finding.afterwards(), &repository));
            if finding.kind.on_request().is_some() {
                continue;
            }
            let pullers = estate.pullers_of(path, finding);
            survey.workload.eks |= runs_in_a_cluster(finding);
            enough.push((prefix, !pullers.is_empty()));
            for (scope, puller) in pullers {
                survey.workload = with(survey.workload, puller);
                if let (SiteKind::Cdk, Some(Known::Hidden(name))) = (finding.kind, &puller.role) {
                    let definition = RoleDefinition::Construct(name.clone());
                    let file = (*path).to_owned();
                    survey.roles.extend((!estate.grants_in_programs()).then_some(PullingRole { file, definition }));
                    enough.push((prefix, false));
                    continue;
                }
                let Some(role) = puller.role.as_ref().and_then(|role| estate.role(&scope, role)) else {
                    if let Some(Known::Text(text) | Known::Hidden(text) | Known::Resource(text)) = &puller.role {
                        survey.elsewhere.insert(text.clone());
                    }
                    enough.push((prefix, false));
                    continue;
                };
                let actions = [LOGIN].into_iter().chain(PULL).chain(CACHE);
                // What is named exactly may not hold for the next image of the prefix.
                let name = format!("{prefix}/any/repository");
                let place = Place { name: &name, region, account };
                let may = actions.map(|action| estate.allows(&role, action, place)).min();
                enough.push((prefix, may == Some(Answer::Yes)));
                if may != Some(Answer::Yes)
                    && let Some(file) = estate.file_of(&role)
                {
                    let id = role.id().to_owned();
                    let definition =
                        match file.ends_with(".tf") || file.ends_with(".tofu") || file.ends_with(".tf.json") {
                            true => RoleDefinition::Terraform(id),
                            false => RoleDefinition::CloudFormation(id),
                        };
                    survey.roles.insert(PullingRole { file: file.to_owned(), definition });
                }
            }
        }
    }
    let all: BTreeSet<&str> = enough.iter().map(|(prefix, _)| *prefix).collect();
    let is_enough = |prefix: &&str| enough.iter().all(|(other, is)| other != prefix || *is);
    survey.granted = all.into_iter().filter(is_enough).map(str::to_owned).collect();
    survey
}

impl Survey {
    fn add(&mut self, inventory: &Inventory) {
        for rule in &inventory.rules {
            if let Known::Text(prefix) = &rule.prefix {
                self.existing.insert(prefix.trim_end_matches('/').to_owned());
            }
        }
        for endpoint in inventory.network.endpoints.iter().filter(|endpoint| endpoint.has_name) {
            if let Known::Text(service) = &endpoint.service {
                self.endpoints.insert(service.clone());
            }
        }
        self.locals.extend(inventory.locals.keys().cloned());
        self.workload.eks |= inventory.pullers.iter().any(|puller| puller.service == Service::EksNodes);
    }
}

fn with(workload: Workload, puller: &Puller) -> Workload {
    let is_task = matches!(puller.service, Service::Ecs | Service::Batch);
    Workload {
        fargate: workload.fargate || is_task && puller.on_fargate != Some(false),
        instances: workload.instances || puller.service == Service::Ecs && puller.on_fargate != Some(true),
        eks: workload.eks || matches!(puller.service, Service::EksNodes | Service::EksFargate),
        logs: workload.logs || puller.logs,
        secrets: workload.secrets || puller.secrets,
        parameters: workload.parameters || puller.parameters,
    }
}

/// An image, as far as it is written.
fn image(text: &str, repository: &str) -> CachedImage {
    let name = text.rsplit('/').next().unwrap_or(text);
    let written = |part: &str| (!part.is_empty() && !part.contains(['$', '{', '%', '<'])).then(|| part.to_owned());
    let (before, digest) = name.split_once('@').map_or((name, None), |(before, digest)| (before, written(digest)));
    let tag = before.split_once(':').and_then(|(_, tag)| written(tag));
    CachedImage { repository: repository.to_owned(), tag, digest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_as_far_as_they_are_written() {
        let rows = [
            ("H/ecr-public/a/b:1", Some("1"), None),
            ("H/ecr-public/a/b", None, None),
            ("H/ecr-public/a/b:${Tag}", None, None),
            ("H/ecr-public/a/b:1@sha256:ab", Some("1"), Some("sha256:ab")),
            ("H/ecr-public/a/b@sha256:ab", None, Some("sha256:ab")),
        ];
        for (text, tag, digest) in rows {
            let found = image(text, &repository_of(text, "ecr-public"));
            assert_eq!(found.repository, "ecr-public/a/b", "{text}");
            assert_eq!((found.tag.as_deref(), found.digest.as_deref()), (tag, digest), "{text}");
        }
    }
}
