//! Everything that the files define, with names resolved within each module and stack.

use std::collections::BTreeMap;

use super::{Finding, runs_in_a_cluster};
use crate::inventory::{Answer, Grant, Inventory, Known, Network, Policy, Puller, Role, Service};

/// How often one policy may name another.
const CHAIN_MAX: usize = 4;

/// The modules and stacks of a repository.
pub(super) struct Estate<'r> {
    scopes: BTreeMap<String, Vec<(&'r str, &'r Inventory)>>,
}

/// A role that is defined in the files.
pub(super) struct Defined<'r> {
    scope: String,
    id: String,
    name: Option<&'r str>,
}

impl Defined<'_> {
    /// Its name in the module or stack.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Its name, for people.
    pub(super) fn shown(&self) -> &str {
        self.name.unwrap_or(&self.id)
    }
}

impl<'r> Estate<'r> {
    pub(super) fn of(inventories: &'r [(String, Inventory)]) -> Self {
        let mut scopes: BTreeMap<String, Vec<(&str, &Inventory)>> = BTreeMap::new();
        for (path, inventory) in inventories {
            scopes.entry(scope_of(path)).or_default().push((path, inventory));
        }
        Estate { scopes }
    }

    fn all(&self) -> impl Iterator<Item = (&String, &'r Inventory)> {
        self.scopes.iter().flat_map(|(scope, files)| files.iter().map(move |(_, inventory)| (scope, *inventory)))
    }

    fn within<'s>(&'s self, scope: &'s str) -> impl Iterator<Item = &'r Inventory> + 's {
        self.scopes.get(scope).into_iter().flatten().map(|(_, inventory)| *inventory)
    }

    /// What pulls a reference, with the scope in which its role is named.
    pub(super) fn pullers_of(&self, path: &str, finding: &Finding) -> Vec<(String, &'r Puller)> {
        if runs_in_a_cluster(finding) {
            let pulls = |puller: &&Puller| matches!(puller.service, Service::EksNodes | Service::EksFargate);
            let of_cluster = self.all().flat_map(|(scope, inventory)| {
                inventory.pullers.iter().filter(pulls).map(|puller| (scope.clone(), puller))
            });
            return of_cluster.collect();
        }
        let is_of = |puller: &&Puller| {
            let rest = finding.place.strip_prefix(&puller.place);
            rest.is_some_and(|rest| puller.place.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let scope = scope_of(path);
        let files = self.scopes.get(&scope).into_iter().flatten().filter(|(file, _)| *file == path);
        files
            .flat_map(|(_, inventory)| inventory.pullers.iter().filter(is_of))
            .map(|puller| (scope.clone(), puller))
            .collect()
    }

    /// The role behind a value.
    pub(super) fn role(&self, scope: &str, known: &Known) -> Option<Defined<'r>> {
        match known {
            Known::Resource(id) => {
                let role = self.within(scope).find_map(|inventory| inventory.roles.get(id))?;
                Some(Defined { scope: scope.to_owned(), id: id.clone(), name: role.name.as_deref() })
            }
            Known::Text(text) => {
                let name = text.rsplit('/').next().unwrap_or(text);
                let is_it = |role: &Role| role.name.as_deref() == Some(name);
                self.all().find_map(|(scope, inventory)| {
                    let (id, role) = inventory.roles.iter().find(|(_, role)| is_it(role))?;
                    Some(Defined { scope: scope.clone(), id: id.clone(), name: role.name.as_deref() })
                })
            }
            Known::Hidden(_) => None,
        }
    }

    /// The file that defines a role.
    pub(super) fn file_of(&self, role: &Defined<'_>) -> Option<&'r str> {
        let files = self.scopes.get(&role.scope).into_iter().flatten();
        files.filter(|(_, inventory)| inventory.roles.contains_key(&role.id)).map(|(file, _)| *file).next()
    }

    /// Whether a role may do something with a repository.
    pub(super) fn allows(&self, role: &Defined<'_>, action: &str, repository: &str) -> Answer {
        let is_it = |grant: &Grant, scope: &str| match &grant.role {
            Known::Resource(id) => (scope == role.scope && *id == role.id).then_some(Answer::Yes),
            Known::Text(text) => (role.name == Some(text.rsplit('/').next().unwrap_or(text))).then_some(Answer::Yes),
            // It may be a grant to this one.
            Known::Hidden(_) => (scope == role.scope).then_some(Answer::Unknown),
        };
        let mut answer = Answer::No;
        for (scope, inventory) in self.all() {
            for grant in &inventory.grants {
                let Some(is_granted) = is_it(grant, scope) else { continue };
                let policy = self.resolved(scope, &grant.policy);
                if is_granted == Answer::Yes && policy.denies(action, repository) == Answer::Yes {
                    return Answer::No;
                }
                answer = answer.max(policy.allows(action, repository).min(is_granted));
            }
        }
        answer
    }

    /// The policy that a name stands for.
    fn resolved<'p>(&self, scope: &str, policy: &'p Policy) -> &'p Policy
    where
        'r: 'p,
    {
        let mut policy = policy;
        for _ in 0..CHAIN_MAX {
            let Policy::Resource(name) = policy else { return policy };
            match self.within(scope).find_map(|inventory| inventory.policies.get(name)) {
                Some(next) => policy = next,
                None => return policy,
            }
        }
        policy
    }

    /// The network as all files together say it.
    pub(super) fn network(&self) -> Network {
        let mut whole = Network::default();
        for (_, inventory) in self.all() {
            let Network { endpoints, subnets, has_nat, public_addresses, has_hidden } = &inventory.network;
            whole.endpoints.extend(endpoints.iter().cloned());
            whole.subnets |= subnets;
            whole.has_nat |= has_nat;
            whole.public_addresses |= public_addresses;
            whole.has_hidden |= has_hidden;
        }
        whole
    }

    /// The services that what pulls needs a way to.
    pub(super) fn services_needed(&self) -> Vec<&'static str> {
        let pullers: Vec<&Puller> = self.all().flat_map(|(_, inventory)| &inventory.pullers).collect();
        let mut needed = vec!["ecr.api", "ecr.dkr", "s3"];
        let any = |is: fn(&Puller) -> bool| pullers.iter().any(|puller| is(puller));
        if any(|puller| puller.logs) {
            needed.push("logs");
        }
        if any(|puller| puller.secrets) {
            needed.push("secretsmanager");
        }
        if any(|puller| puller.parameters) {
            needed.push("ssm");
        }
        needed
    }
}

/// Where names hold: a folder of Terraform, or a single file of anything else.
fn scope_of(path: &str) -> String {
    let is_terraform = [".tf", ".tofu", ".tf.json", ".tofu.json"].iter().any(|end| path.ends_with(end));
    match path.rsplit_once('/') {
        Some((folder, _)) if is_terraform => folder.to_owned(),
        None if is_terraform => String::new(),
        _ => path.to_owned(),
    }
}
