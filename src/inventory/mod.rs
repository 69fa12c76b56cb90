//! What stands in the files around the images: cache rules, what pulls and as which role, permissions, networks.
//!
//! Whatever a variable, an import or a module hides is hidden, not missing: that difference is kept throughout.

mod cloudformation;
mod permission;
#[cfg(feature = "cdk-source")]
mod program;
mod terraform;

use std::collections::BTreeMap;

use crate::schema::Format;
use crate::syntax::Node;

pub use permission::{Answer, LOGIN, Policy, Repository, Statement};

/// A value, as far as the files say it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// This text.
    Text(String),
    /// A resource of the same module or stack, by its name there.
    Resource(String),
    /// Something that is named or computed elsewhere, as it is written.
    Hidden(String),
}

/// A cache rule that the files define.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedRule {
    /// Its prefix.
    pub prefix: Known,
    /// The host of its upstream.
    pub upstream: Known,
    /// The part of the upstream that it serves.
    pub upstream_prefix: Option<Known>,
}

impl DefinedRule {
    /// The rule as a configuration writes it, if all of it is known: `quay.io/prometheus=prom`.
    pub fn text(&self) -> Option<String> {
        let (Known::Text(prefix), Known::Text(upstream)) = (&self.prefix, &self.upstream) else { return None };
        let below = match &self.upstream_prefix {
            None => String::new(),
            Some(Known::Text(below)) if below == "ROOT" => String::new(),
            Some(Known::Text(below)) => format!("/{below}"),
            Some(_) => return None,
        };
        let upstream = upstream.trim_start_matches("https://");
        Some(format!("{upstream}{below}={}", prefix.trim_end_matches('/')))
    }
}

/// What kind of thing pulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// A task definition of ECS.
    Ecs,
    /// A job definition of Batch.
    Batch,
    /// A project of CodeBuild.
    CodeBuild,
    /// A node group of EKS.
    EksNodes,
    /// A Fargate profile of EKS.
    EksFargate,
}

/// Something that pulls images with a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Puller {
    /// What it is.
    pub service: Service,
    /// The way to it in its document, with which those of its images begin.
    pub place: String,
    /// The role; `None` if it has none.
    pub role: Option<Known>,
    /// Whether it runs on Fargate, if that is said.
    pub on_fargate: Option<bool>,
    /// Whether it logs with `awslogs`.
    pub logs: bool,
    /// Whether it takes values from Secrets Manager.
    pub secrets: bool,
    /// Whether it takes values from the parameter store.
    pub parameters: bool,
    /// Whether it runs outside of any network of the files.
    pub is_outside: bool,
}

/// A role that gets a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The role.
    pub role: Known,
    /// The policy.
    pub policy: Policy,
}

/// A role that the files define.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its name in AWS, if it has one of its own.
    pub name: Option<Known>,
    /// What limits all that it may do.
    pub boundary: Option<Policy>,
}

/// A VPC endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// The service without region: `ecr.api`.
    pub service: Known,
    /// Whether an interface of it goes by the service's own name; a gateway needs no name.
    pub has_name: bool,
}

/// What the files say of the network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// The endpoints.
    pub endpoints: Vec<Endpoint>,
    /// Whether subnets are defined.
    pub subnets: bool,
    /// Whether there is a NAT gateway or instance, or a way out of another kind.
    pub has_nat: bool,
    /// Whether tasks get addresses of their own with a way to the internet.
    pub public_addresses: bool,
    /// Whether instances and nodes get such addresses.
    pub public_subnets: bool,
    /// Whether endpoints get their names from something else.
    pub names_elsewhere: bool,
    /// Whether a module of others may bring more.
    pub has_hidden: bool,
}

/// What one file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Cache rules.
    pub rules: Vec<DefinedRule>,
    /// What pulls.
    pub pullers: Vec<Puller>,
    /// Roles, by their names in the module or stack.
    pub roles: BTreeMap<String, Role>,
    /// Policies, by their names in the module or stack.
    pub policies: BTreeMap<String, Policy>,
    /// Which roles get which policies.
    pub grants: Vec<Grant>,
    /// The network.
    pub network: Network,
    /// Locals, and their texts as far as they are written.
    pub locals: BTreeMap<String, Option<String>>,
    /// Whether there is a policy of the registry.
    pub has_registry_policy: bool,
    /// Whether a program names both actions of the cache: it grants them to somebody.
    pub grants_in_program: bool,
}

impl Inventory {
    /// What the documents of a file say.
    pub(crate) fn of(format: Format, documents: &[Node<'_>]) -> Self {
        let mut inventory = Inventory::default();
        for root in documents {
            match format {
                Format::Terraform(_) => terraform::module(&mut inventory, root),
                Format::Document(_) => cloudformation::document(&mut inventory, root),
                #[cfg(feature = "cdk-source")]
                Format::Program(_) => program::program(&mut inventory, root),
                _ => {}
            }
        }
        inventory
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        *self == Inventory::default()
    }
}

/// Fills in the locals of each module of Terraform where policies name them.
pub fn resolve_locals(inventories: &mut [(String, Inventory)]) {
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let mut locals: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for (path, inventory) in inventories.iter() {
        let written = inventory.locals.iter().filter_map(|(name, text)| Some((name.clone(), text.clone()?)));
        locals.entry(folder(path)).or_default().extend(written);
    }
    for (path, inventory) in inventories {
        let own = locals.get(&folder(path));
        let policies =
            inventory.policies.values_mut().chain(inventory.grants.iter_mut().map(|grant| &mut grant.policy));
        policies.for_each(|policy| policy.resolve(&|name| own?.get(name).cloned()));
    }
}

/// A list, or one element without brackets. The list of a function's arguments is none.
fn listed<'n, 'a>(node: &'n Node<'a>) -> &'n [Node<'a>] {
    node.elements().filter(|_| node.tag().is_none()).unwrap_or(std::slice::from_ref(node))
}
