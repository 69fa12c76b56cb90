//! Everything that the files define, with names resolved within each module and stack.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use super::{Finding, runs_in_a_cluster};
use crate::inventory::{Answer, Grant, Inventory, Known, Network, Policy, Puller, Repository, Role, Service};

/// How often one policy may name another.
const CHAIN_MAX: usize = 4;

/// The modules and stacks of a repository.
pub(super) struct Estate<'r> {
    scopes: BTreeMap<String, Vec<(&'r str, &'r Inventory)>>,
    by_path: HashMap<&'r str, &'r Inventory>,
    /// What each role has been given, as far as that was asked for.
    grants: RefCell<HashMap<(String, String), Granted<'r>>>,
    /// What was asked before.
    answers: RefCell<HashMap<Question, Answer>>,
}

/// Scope and name of a role, repository, action.
type Question = (String, String, String, &'static str);
/// Policies, and whether it is sure that the role has them.
type Granted<'r> = Rc<Vec<(&'r Policy, Answer)>>;

/// A role that is defined in the files.
#[derive(Debug, Clone)]
pub(super) struct Defined<'r> {
    scope: String,
    id: String,
    role: &'r Role,
}

impl Defined<'_> {
    /// Its name in the module or stack.
    pub(super) fn id(&self) -> &str {
        &self.id
    }

    /// Its name, for people.
    pub(super) fn shown(&self) -> &str {
        self.name().unwrap_or(&self.id)
    }

    fn name(&self) -> Option<&str> {
        match &self.role.name {
            Some(Known::Text(name)) => Some(name),
            _ => None,
        }
    }
}

impl<'r> Estate<'r> {
    pub(super) fn of(inventories: &'r [(String, Inventory)]) -> Self {
        let mut scopes: BTreeMap<String, Vec<(&str, &Inventory)>> = BTreeMap::new();
        for (path, inventory) in inventories {
            scopes.entry(scope_of(path)).or_default().push((path, inventory));
        }
        let by_path = inventories.iter().map(|(path, inventory)| (path.as_str(), inventory)).collect();
        Estate { scopes, by_path, grants: RefCell::default(), answers: RefCell::default() }
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
        let own = self.by_path.get(path).into_iter();
        own.flat_map(|inventory| inventory.pullers.iter().filter(is_of)).map(|puller| (scope.clone(), puller)).collect()
    }

    /// The role behind a value.
    pub(super) fn role(&self, scope: &str, known: &Known) -> Option<Defined<'r>> {
        let named = |name: &str| {
            let is_it = |role: &Role| matches!(&role.name, Some(Known::Text(own)) if own == name);
            self.all().find_map(|(scope, inventory)| {
                let (id, role) = inventory.roles.iter().find(|(_, role)| is_it(role))?;
                Some(Defined { scope: scope.clone(), id: id.clone(), role })
            })
        };
        match known {
            Known::Resource(id) => {
                let role = self.within(scope).find_map(|inventory| inventory.roles.get(id))?;
                Some(Defined { scope: scope.to_owned(), id: id.clone(), role })
            }
            Known::Text(text) => named(text.rsplit('/').next().unwrap_or(text)),
            // Only the account may be filled in.
            Known::Hidden(text) => {
                let (_, name) = text.split_once(":role/")?;
                let name = name.rsplit('/').next().unwrap_or(name);
                if name.contains(['$', '{']) { None } else { named(name) }
            }
        }
    }

    /// The file that defines a role.
    pub(super) fn file_of(&self, role: &Defined<'_>) -> Option<&'r str> {
        let files = self.scopes.get(&role.scope).into_iter().flatten();
        files.filter(|(_, inventory)| inventory.roles.contains_key(&role.id)).map(|(file, _)| *file).next()
    }

    /// Whether a role may do something with a repository.
    pub(super) fn allows(&self, role: &Defined<'r>, action: &'static str, repository: Repository<'_>) -> Answer {
        let key = (role.scope.clone(), role.id.clone(), repository.name.to_owned(), action);
        if let Some(answer) = self.answers.borrow().get(&key) {
            return *answer;
        }
        let granted = self.granted(role);
        let denied = granted.iter().map(|(policy, sure)| policy.denies(action, repository).min(*sure)).max();
        let allowed = granted.iter().map(|(policy, sure)| policy.allows(action, repository).min(*sure)).max();
        let boundary =
            role.role.boundary.as_ref().map(|own| self.resolved(&role.scope, own).allows(action, repository));
        let allowed = allowed.unwrap_or(Answer::No).min(boundary.unwrap_or(Answer::Yes));
        let answer = match denied.unwrap_or(Answer::No) {
            Answer::Yes => Answer::No,
            Answer::Unknown => allowed.min(Answer::Unknown),
            Answer::No => allowed,
        };
        self.answers.borrow_mut().insert(key, answer);
        answer
    }

    fn granted(&self, role: &Defined<'r>) -> Granted<'r> {
        let key = (role.scope.clone(), role.id.clone());
        if let Some(granted) = self.grants.borrow().get(&key) {
            return Rc::clone(granted);
        }
        let is_it = |grant: &Grant, scope: &str, inventories: &Estate<'_>| match &grant.role {
            Known::Resource(id) if scope == role.scope && *id == role.id => Some(Answer::Yes),
            // A parameter may stand for any role.
            Known::Resource(id) => {
                let is_role = inventories.within(scope).any(|inventory| inventory.roles.contains_key(id));
                (!is_role).then_some(Answer::Unknown)
            }
            Known::Text(text) => match &role.role.name {
                Some(Known::Text(name)) => (name == text.rsplit('/').next().unwrap_or(text)).then_some(Answer::Yes),
                Some(_) => Some(Answer::Unknown),
                None => None,
            },
            // It may be a grant to this one.
            Known::Hidden(_) => Some(Answer::Unknown),
        };
        let mut granted = Vec::new();
        for (scope, inventory) in self.all() {
            for grant in &inventory.grants {
                if let Some(sure) = is_it(grant, scope, self) {
                    granted.push((self.resolved(scope, &grant.policy), sure));
                }
            }
        }
        let granted = Rc::new(granted);
        self.grants.borrow_mut().insert(key, Rc::clone(&granted));
        granted
    }

    /// Whether some registry has a policy of its own, which may allow what a role's does not.
    pub(super) fn has_registry_policy(&self) -> bool {
        self.all().any(|(_, inventory)| inventory.has_registry_policy)
    }

    /// Whether a program grants the actions of the cache to somebody.
    pub(super) fn grants_in_programs(&self) -> bool {
        self.all().any(|(_, inventory)| inventory.grants_in_program)
    }

    /// The policy that a name stands for.
    fn resolved(&self, scope: &str, policy: &'r Policy) -> &'r Policy {
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
            let Network { endpoints, subnets, has_nat, public_addresses, public_subnets, names_elsewhere, has_hidden } =
                &inventory.network;
            whole.public_subnets |= public_subnets;
            whole.names_elsewhere |= names_elsewhere;
            whole.endpoints.extend(endpoints.iter().cloned());
            whole.subnets |= subnets;
            whole.has_nat |= has_nat;
            whole.public_addresses |= public_addresses;
            whole.has_hidden |= has_hidden;
        }
        whole
    }

    /// Whether something may run on Fargate, where a subnet gives no address that leads out.
    pub(super) fn has_fargate(&self) -> bool {
        self.all().flat_map(|(_, inventory)| &inventory.pullers).any(|puller| puller.on_fargate == Some(true))
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
