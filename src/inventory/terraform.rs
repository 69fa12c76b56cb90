//! What a file of Terraform says around the images.

use super::permission::{HOLE, Policy, Statement};
use super::{DefinedRule, Endpoint, Grant, Inventory, Known, Puller, Role, Service, listed};
use crate::syntax::{Kind, Language, Node};

pub(super) fn module(inventory: &mut Inventory, root: &Node<'_>) {
    for (kind, body) in blocks(root) {
        match kind {
            "resource" => each_named(body, &mut |of_type, name, body| resource(inventory, of_type, name, body)),
            "data" => each_named(body, &mut |of_type, name, body| data(inventory, of_type, name, body)),
            "module" => blocks(body).for_each(|(name, body)| call(inventory, name, body)),
            "locals" => inventory.locals.extend(blocks(body).map(|(name, _)| name.to_owned())),
            _ => {}
        }
    }
}

/// The entries of a mapping, or of each mapping in a list: JSON syntax has both for blocks.
fn blocks<'n, 'a>(node: &'n Node<'a>) -> impl Iterator<Item = (&'n str, &'n Node<'a>)> {
    let entries = listed(node).iter().filter_map(Node::entries).flatten();
    entries.map(|entry| (entry.key.as_ref(), &entry.value))
}

fn each_named(node: &Node<'_>, found: &mut dyn FnMut(&str, &str, &Node<'_>)) {
    for (of_type, named) in blocks(node) {
        for (name, body) in blocks(named) {
            listed(body).iter().for_each(|body| found(of_type, name, body));
        }
    }
}

fn resource(inventory: &mut Inventory, of_type: &str, name: &str, body: &Node<'_>) {
    let get = |key: &str| body.get(key);
    let role = |key: &str| get(key).map(|value| known(value, "aws_iam_role"));
    match of_type {
        "aws_ecr_pull_through_cache_rule" => {
            let value = |key: &str| get(key).map(|value| known(value, ""));
            if let (Some(prefix), Some(upstream)) = (value("ecr_repository_prefix"), value("upstream_registry_url")) {
                let upstream_prefix = value("upstream_repository_prefix");
                inventory.rules.push(DefinedRule { prefix, upstream, upstream_prefix });
            }
        }
        "aws_iam_role" => {
            let own = Role { name: get("name").and_then(literal) };
            inventory.roles.insert(name.to_owned(), own);
            let mut grant = |policy| inventory.grants.push(Grant { role: Known::Resource(name.to_owned()), policy });
            for (key, value) in blocks(body) {
                match key {
                    "managed_policy_arns" => listed(value).iter().for_each(|arn| grant(policy_of(arn))),
                    "inline_policy" => {
                        listed(value)
                            .iter()
                            .filter_map(|inline| inline.get("policy"))
                            .for_each(|text| grant(document(text)));
                    }
                    "dynamic" => grant(Policy::Hidden("a `dynamic` block".to_owned())),
                    _ => {}
                }
            }
        }
        "aws_iam_policy" => {
            let own = get("policy").map_or(Policy::Statements(Vec::new()), document);
            inventory.policies.insert(name.to_owned(), own);
        }
        "aws_iam_role_policy" => {
            if let (Some(role), Some(text)) = (role("role"), get("policy")) {
                inventory.grants.push(Grant { role, policy: document(text) });
            }
        }
        "aws_iam_role_policy_attachment" => {
            if let (Some(role), Some(arn)) = (role("role"), get("policy_arn")) {
                inventory.grants.push(Grant { role, policy: policy_of(arn) });
            }
        }
        "aws_iam_policy_attachment" => {
            let (Some(roles), Some(arn)) = (get("roles"), get("policy_arn")) else { return };
            for node in listed(roles) {
                let role = known(node, "aws_iam_role");
                inventory.grants.push(Grant { role, policy: policy_of(arn) });
            }
        }
        "aws_ecs_task_definition" => {
            let listed_in = get("requires_compatibilities").map(|value| listed(value).iter().filter_map(Node::text));
            let mut on: Vec<&str> = listed_in.into_iter().flatten().collect();
            on.sort_unstable();
            let on_fargate = if on.is_empty() { None } else { Some(on.contains(&"FARGATE")) };
            inventory.pullers.push(puller(Service::Ecs, of_type, name, body, role("execution_role_arn"), on_fargate));
        }
        "aws_batch_job_definition" => {
            let mut role = None;
            let properties = get("container_properties").or(get("ecs_properties"));
            if let Some(node) = properties {
                find(node, &["executionRoleArn", "execution_role_arn"], &mut |value| {
                    role = Some(known(value, "aws_iam_role"));
                });
            }
            let on = get("platform_capabilities").map(|value| listed(value).iter().filter_map(Node::text));
            let on_fargate = on.map(|mut on| on.any(|one| one == "FARGATE"));
            inventory.pullers.push(puller(Service::Batch, of_type, name, body, role, on_fargate));
        }
        "aws_codebuild_project" => {
            inventory.pullers.push(puller(Service::CodeBuild, of_type, name, body, role("service_role"), None));
        }
        "aws_eks_node_group" => {
            inventory.pullers.push(puller(Service::EksNodes, of_type, name, body, role("node_role_arn"), Some(false)));
        }
        "aws_eks_fargate_profile" => {
            let role = role("pod_execution_role_arn");
            inventory.pullers.push(puller(Service::EksFargate, of_type, name, body, role, Some(true)));
        }
        "aws_vpc_endpoint" => {
            let service = get("service_name").map_or(Known::Hidden(String::new()), service_of);
            let is_interface = get("vpc_endpoint_type").and_then(Node::text) == Some("Interface");
            let has_name = !is_interface || get("private_dns_enabled").is_some_and(|on| on.text() != Some("false"));
            inventory.network.endpoints.push(Endpoint { service, has_name });
        }
        "aws_subnet" => inventory.network.subnets = true,
        "aws_nat_gateway" | "aws_ec2_transit_gateway_vpc_attachment" | "aws_egress_only_internet_gateway" => {
            inventory.network.has_nat = true;
        }
        "aws_ecs_service" => find(body, &["assign_public_ip"], &mut |value| {
            inventory.network.public_addresses |= value.text() != Some("false");
        }),
        _ => {}
    }
}

fn data(inventory: &mut Inventory, of_type: &str, name: &str, body: &Node<'_>) {
    match of_type {
        "aws_iam_policy_document" => {
            let mut statements = Vec::new();
            let mut is_whole = true;
            for (key, value) in blocks(body) {
                match key {
                    "statement" => statements.extend(
                        listed(value).iter().map(|node| Statement::of(node, ["effect", "actions", "resources"], &text)),
                    ),
                    "source_policy_documents" | "override_policy_documents" | "dynamic" => is_whole = false,
                    _ => {}
                }
            }
            if !is_whole {
                // What is merged in may allow or deny anything.
                statements.push(Statement { allows: true, actions: vec![None], resources: vec![None], has_more: true });
            }
            inventory.policies.insert(format!("data.{name}"), Policy::Statements(statements));
        }
        "aws_vpc" | "aws_subnets" | "aws_subnet" | "aws_vpc_endpoint" | "terraform_remote_state" => {
            inventory.network.has_hidden = true;
        }
        _ => {}
    }
}

/// A module may bring a network; what it is told says of some.
fn call(inventory: &mut Inventory, name: &str, body: &Node<'_>) {
    let source = body.get("source").and_then(Node::text).unwrap_or_default();
    if ["vpc", "network", "endpoint", "subnet"].iter().any(|word| name.contains(word) || source.contains(word)) {
        inventory.network.has_hidden = true;
    }
    if body.get("enable_nat_gateway").and_then(Node::text) == Some("true") {
        inventory.network.has_nat = true;
    }
}

fn puller(
    service: Service,
    of_type: &str,
    name: &str,
    body: &Node<'_>,
    role: Option<Known>,
    on_fargate: Option<bool>,
) -> Puller {
    let mut said = String::new();
    words(body, &mut said);
    Puller {
        service,
        place: format!("resource.{of_type}.{name}"),
        role,
        on_fargate,
        logs: said.contains("awslogs"),
        secrets: said.contains("secretsmanager"),
        parameters: said.contains(":ssm:") || said.contains("aws_ssm_parameter"),
    }
}

/// Each text and each name in a node.
fn words(node: &Node<'_>, said: &mut String) {
    match &node.kind {
        Kind::Scalar(scalar) => said.push_str(&scalar.value),
        Kind::Reference(text) => said.push_str(text),
        _ => {}
    }
    said.push('\n');
    node.children().into_iter().for_each(|child| words(child, said));
}

/// The values of these keys, at any depth, also in JSON as text.
fn find(node: &Node<'_>, keys: &[&str], found: &mut dyn FnMut(&Node<'_>)) {
    if let Kind::Scalar(scalar) = &node.kind
        && scalar.value.trim_start().starts_with(['{', '['])
        && let Ok(documents) = scalar.embedded(Language::Json)
    {
        return documents
            .iter()
            .filter(|document| document.scalar().is_none())
            .for_each(|document| find(document, keys, found));
    }
    for entry in node.entries().unwrap_or_default() {
        if keys.contains(&entry.key.as_ref()) {
            found(&entry.value);
        }
    }
    node.children().into_iter().for_each(|child| find(child, keys, found));
}

fn literal(node: &Node<'_>) -> Option<String> {
    node.scalar().filter(|scalar| scalar.holes.is_empty()).map(|scalar| scalar.value.to_string())
}

/// A value; resources of this type are known by their names.
fn known(node: &Node<'_>, of_type: &str) -> Known {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.expression() {
            Some(expression) => known(&expression, of_type),
            None => literal(node).map_or_else(|| Known::Hidden(scalar.value.to_string()), Known::Text),
        },
        Kind::Reference(text) => {
            let text = text.trim_start_matches("${").trim_end_matches('}').trim();
            let mut parts = text.split('.');
            match (parts.next(), parts.next()) {
                (Some(first), Some(name)) if first == of_type => {
                    Known::Resource(name.split('[').next().unwrap_or(name).to_owned())
                }
                _ => Known::Hidden(text.to_owned()),
            }
        }
        _ => Known::Hidden("an expression".to_owned()),
    }
}

/// The policy behind an ARN.
fn policy_of(node: &Node<'_>) -> Policy {
    if let Kind::Scalar(scalar) = &node.kind
        && !scalar.holes.is_empty()
    {
        return Policy::of_arn(&Known::Hidden(scalar.value.to_string()));
    }
    Policy::of_arn(&known(node, "aws_iam_policy"))
}

/// A policy as it is given to a resource.
fn document(node: &Node<'_>) -> Policy {
    if let Kind::Reference(text) = node.kind {
        let mut parts = text.trim_start_matches("${").split('.');
        if let (Some("data"), Some("aws_iam_policy_document"), Some(name)) = (parts.next(), parts.next(), parts.next())
        {
            return Policy::Resource(format!("data.{}", name.split('[').next().unwrap_or(name)));
        }
    }
    Policy::of_document(node, &text)
}

/// A text, with a mark for what is filled in.
fn text(node: &Node<'_>) -> Option<String> {
    match &node.kind {
        Kind::Scalar(scalar) => {
            let mut text = String::new();
            let mut at = 0;
            let scalar = scalar.as_hcl_template();
            for hole in &scalar.holes {
                text.push_str(&scalar.value[at..hole.range.start]);
                text.push(HOLE);
                at = hole.range.end;
            }
            text.push_str(&scalar.value[at..]);
            Some(text)
        }
        // A repository of one's own is none behind a cache.
        Kind::Reference(name) if name.starts_with("aws_ecr_repository.") => {
            Some(format!("arn:aws:ecr:::repository/{name}"))
        }
        _ => None,
    }
}

/// The service of an endpoint: `ecr.api` of `com.amazonaws.eu-west-1.ecr.api`.
fn service_of(node: &Node<'_>) -> Known {
    let Some(name) = text(node) else { return Known::Hidden("an expression".to_owned()) };
    match name.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.')) {
        Some((_, service)) if !service.contains(HOLE) => Known::Text(service.to_owned()),
        _ => Known::Hidden(name.replace(HOLE, "…")),
    }
}
