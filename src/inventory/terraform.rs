//! What a file of Terraform says around the images.

use super::permission::{HOLE, LOCAL, Policy, Statement};
use super::{DefinedRule, Endpoint, Grant, Inventory, Known, Puller, Role, Service, listed};
use crate::syntax::{Kind, Language, Node};

pub(super) fn module(inventory: &mut Inventory, root: &Node<'_>) {
    for (kind, body) in blocks(root) {
        match kind {
            "resource" => each_named(body, &mut |of_type, name, body| resource(inventory, of_type, name, body)),
            "data" => each_named(body, &mut |of_type, name, body| data(inventory, of_type, name, body)),
            "module" => blocks(body).for_each(|(name, body)| call(inventory, name, body)),
            "locals" => {
                let texts = blocks(body)
                    .map(|(name, value)| (name.to_owned(), text(value).filter(|_| value.scalar().is_some())));
                inventory.locals.extend(texts);
            }
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
    let is_set = |value: &&Node<'_>| value.text() != Some("null");
    let role = |key: &str| get(key).filter(is_set).map(|value| known(value, "aws_iam_role"));
    match of_type {
        "aws_ecr_pull_through_cache_rule" => {
            let value = |key: &str| get(key).map(|value| known(value, ""));
            if let (Some(prefix), Some(upstream)) = (value("ecr_repository_prefix"), value("upstream_registry_url")) {
                let upstream_prefix = value("upstream_repository_prefix");
                inventory.rules.push(DefinedRule { prefix, upstream, upstream_prefix });
            }
        }
        "aws_iam_role" => {
            let own = Role {
                name: get("name").map(|value| known(value, "")).or_else(|| {
                    get("name_prefix").map(|_| Known::Hidden("a name that begins with a prefix".to_owned()))
                }),
                boundary: get("permissions_boundary").map(policy_of),
            };
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
        "aws_iam_role_policy_attachments_exclusive" => {
            let (Some(role), Some(arns)) = (role("role_name"), get("policy_arns")) else { return };
            for arn in listed(arns) {
                inventory.grants.push(Grant { role: role.clone(), policy: policy_of(arn) });
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
                if role.is_none() && is_computed(node) {
                    role = Some(Known::Hidden("properties that are computed".to_owned()));
                }
            }
            let on = get("platform_capabilities").map(|value| listed(value).iter().filter_map(Node::text));
            let on_fargate = on.map(|mut on| on.any(|one| one == "FARGATE"));
            public_addresses(inventory, body);
            inventory.pullers.push(puller(Service::Batch, of_type, name, body, role, on_fargate));
        }
        "aws_codebuild_project" => {
            let own = puller(Service::CodeBuild, of_type, name, body, role("service_role"), None);
            inventory.pullers.push(Puller { is_outside: get("vpc_config").is_none(), ..own });
        }
        "aws_eks_node_group" => {
            inventory.pullers.push(puller(Service::EksNodes, of_type, name, body, role("node_role_arn"), Some(false)));
        }
        "aws_eks_cluster" => {
            // The cluster makes nodes of its own.
            let mut role = None;
            find(body, &["node_role_arn"], &mut |value| role = Some(known(value, "aws_iam_role")));
            if role.is_some() {
                inventory.pullers.push(puller(Service::EksNodes, of_type, name, body, role, Some(false)));
            }
        }
        "aws_eks_fargate_profile" => {
            let role = role("pod_execution_role_arn");
            inventory.pullers.push(puller(Service::EksFargate, of_type, name, body, role, Some(true)));
        }
        "aws_vpc_endpoint" => {
            let is_interface = get("vpc_endpoint_type").and_then(Node::text) == Some("Interface");
            let has_name = !is_interface || get("private_dns_enabled").is_some_and(|on| on.text() != Some("false"));
            let each = get("for_each").and_then(each);
            for of_each in each.unwrap_or_else(|| vec![(String::new(), String::new())]) {
                let service =
                    get("service_name").map_or(Known::Hidden(String::new()), |name| service_of(name, &of_each));
                inventory.network.endpoints.push(Endpoint { service, has_name });
            }
        }
        "aws_vpc_endpoint_private_dns" => inventory.network.names_elsewhere = true,
        "aws_route53_zone" => {
            let mut said = String::new();
            words(body, &mut said);
            inventory.network.names_elsewhere |= said.contains("ecr");
        }
        "aws_subnet" => {
            inventory.network.subnets = true;
            inventory.network.public_subnets |=
                get("map_public_ip_on_launch").is_some_and(|on| on.text() != Some("false"));
        }
        "aws_nat_gateway" => {
            inventory.network.has_nat |= get("connectivity_type").and_then(Node::text) != Some("private");
        }
        "aws_egress_only_internet_gateway" => inventory.network.has_nat = true,
        "aws_route" => inventory.network.has_nat |= is_way_out(body),
        "aws_route_table" | "aws_default_route_table" => {
            let routes = body.get("route").map(listed).unwrap_or_default();
            inventory.network.has_nat |= routes.iter().any(is_way_out);
        }
        "aws_ecr_registry_policy" => inventory.has_registry_policy = true,
        "aws_cloudformation_stack" => stack(inventory, body),
        "aws_ecs_service" | "aws_cloudwatch_event_target" | "aws_scheduler_schedule" | "aws_pipes_pipe" => {
            public_addresses(inventory, body);
        }
        _ => {}
    }
}

/// A default route to somewhere that may lead to the internet, for who has no address of its own there.
fn is_way_out(route: &Node<'_>) -> bool {
    let ways =
        ["nat_gateway_id", "transit_gateway_id", "instance_id", "network_interface_id", "vpc_peering_connection_id"];
    let to = route.get("destination_cidr_block").or(route.get("cidr_block")).and_then(Node::text);
    to.is_none_or(|to| to == "0.0.0.0/0") && ways.iter().any(|way| route.get(way).is_some())
}

fn public_addresses(inventory: &mut Inventory, body: &Node<'_>) {
    find(body, &["assign_public_ip", "assignPublicIp"], &mut |value| {
        inventory.network.public_addresses |= !matches!(value.text(), Some("false" | "DISABLED"));
    });
}

/// A template of CloudFormation within a module.
fn stack(inventory: &mut Inventory, body: &Node<'_>) {
    match body.get("template_body").map(|template| &template.kind) {
        Some(Kind::Scalar(scalar)) => {
            for language in [Language::Json, Language::Yaml] {
                if let Ok(documents) = scalar.embedded(language) {
                    return documents.iter().for_each(|document| super::cloudformation::document(inventory, document));
                }
            }
        }
        Some(Kind::Call(call)) if call.name.ends_with("encode") => {
            call.arguments.iter().for_each(|document| super::cloudformation::document(inventory, document));
        }
        _ => inventory.network.has_hidden = true,
    }
}

/// Whether a value is put together from others.
fn is_computed(node: &Node<'_>) -> bool {
    match &node.kind {
        Kind::Call(call) if call.name == "jsonencode" => call.arguments.iter().any(is_computed),
        Kind::Call(_) | Kind::Reference(_) | Kind::Choice(_) | Kind::Computed(_) => true,
        _ => false,
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
                    "source_policy_documents"
                    | "override_policy_documents"
                    | "source_json"
                    | "override_json"
                    | "dynamic" => is_whole = false,
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

/// A module of others: what it is called, and what it is given, says what it may do.
fn call(inventory: &mut Inventory, name: &str, body: &Node<'_>) {
    let source = body.get("source").and_then(Node::text).unwrap_or_default();
    let is_about = |words: &[&str]| words.iter().any(|word| name.contains(word) || source.contains(word));
    let mut given = Vec::new();
    names_in(body, &mut given);
    let is_given = |of_type: &str| given.iter().any(|name| name.starts_with(of_type));
    inventory.network.has_hidden |= is_about(&["vpc", "network", "endpoint", "subnet"])
        || ["aws_vpc.", "aws_subnet.", "aws_route_table."].iter().any(|of_type| is_given(of_type));
    inventory.network.has_nat |= body.get("enable_nat_gateway").and_then(Node::text) == Some("true");
    public_addresses(inventory, body);
    if is_about(&["ecr", "pull-through", "pull_through"]) {
        let hidden = || Known::Hidden(format!("module.{name}"));
        inventory.rules.push(DefinedRule { prefix: hidden(), upstream: hidden(), upstream_prefix: None });
    }
    for role in given.iter().filter_map(|given| given.strip_prefix("aws_iam_role.")) {
        let id = role.split(['.', '[']).next().unwrap_or(role);
        let policy = Policy::Hidden(format!("module.{name}"));
        inventory.grants.push(Grant { role: Known::Resource(id.to_owned()), policy });
    }
}

/// The names of values in an expression.
fn names_in(node: &Node<'_>, names: &mut Vec<String>) {
    match &node.kind {
        Kind::Reference(text) => names.push(text.trim_start_matches("${").trim_end_matches('}').trim().to_owned()),
        Kind::Scalar(scalar) => {
            let inner = |hole: &crate::syntax::Hole| {
                scalar.value()[hole.range.clone()].trim_matches(['$', '{', '}', ' ']).to_owned()
            };
            names.extend(scalar.holes().iter().map(inner));
        }
        _ => {}
    }
    node.children().into_iter().for_each(|child| names_in(child, names));
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
        is_outside: false,
    }
}

/// Each text and each name in a node.
fn words(node: &Node<'_>, said: &mut String) {
    // What Terraform reads itself, nobody reads when a task starts.
    let is_read_before =
        |text: &str| text.contains("data.") && (text.contains(".value") || text.contains(".secret_string"));
    match &node.kind {
        Kind::Scalar(scalar) => {
            let mut at = 0;
            for hole in scalar.holes().iter().filter(|hole| is_read_before(&scalar.value()[hole.range.clone()])) {
                said.push_str(&scalar.value()[at..hole.range.start]);
                at = hole.range.end;
            }
            said.push_str(&scalar.value()[at..]);
        }
        Kind::Reference(text) if !is_read_before(text) => said.push_str(text),
        _ => {}
    }
    said.push('\n');
    node.children().into_iter().for_each(|child| words(child, said));
}

/// The values of these keys, at any depth, also in JSON as text.
fn find(node: &Node<'_>, keys: &[&str], found: &mut dyn FnMut(&Node<'_>)) {
    if let Kind::Scalar(scalar) = &node.kind
        && scalar.value().trim_start().starts_with(['{', '['])
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
    node.scalar().filter(|scalar| scalar.holes().is_empty()).map(|scalar| scalar.value().to_owned())
}

/// A value; resources of this type are known by their names.
fn known(node: &Node<'_>, of_type: &str) -> Known {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.expression() {
            Some(expression) => known(&expression, of_type),
            None => literal(node).map_or_else(|| Known::Hidden(scalar.value().to_owned()), Known::Text),
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
        && !scalar.holes().is_empty()
    {
        return Policy::of_arn(&Known::Hidden(scalar.value().to_owned()));
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
    if let Kind::Scalar(scalar) = &node.kind
        && let Some(expression) = scalar.expression()
    {
        return document(&expression);
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
            for hole in scalar.holes() {
                text.push_str(&scalar.value()[at..hole.range.start]);
                let inner = &scalar.value()[hole.range.clone()];
                let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
                let local = inner.strip_prefix(LOCAL).and_then(|rest| rest.strip_suffix('}'));
                match local.filter(|name| name.chars().all(is_name)) {
                    Some(_) => text.push_str(inner),
                    None => text.push(HOLE),
                }
                at = hole.range.end;
            }
            text.push_str(&scalar.value()[at..]);
            Some(text)
        }
        // A repository of one's own is none behind a cache.
        Kind::Reference(name) if name.starts_with("aws_ecr_repository.") => {
            Some(format!("arn:aws:ecr:::repository/{name}"))
        }
        _ => None,
    }
}

/// The keys and values that a block is repeated for, as far as all of them are written.
fn each(node: &Node<'_>) -> Option<Vec<(String, String)>> {
    match &node.kind {
        Kind::Call(call) if call.name == "toset" => {
            let values = call.arguments.first()?.elements()?.iter().map(literal).collect::<Option<Vec<_>>>()?;
            Some(values.into_iter().map(|value| (value.clone(), value)).collect())
        }
        Kind::Mapping(entries) => Some(
            entries.iter().map(|entry| (entry.key.to_string(), literal(&entry.value).unwrap_or_default())).collect(),
        ),
        _ => None,
    }
}

/// The service of an endpoint: `ecr.api` of `com.amazonaws.eu-west-1.ecr.api`.
fn service_of(node: &Node<'_>, (key, value): &(String, String)) -> Known {
    let Kind::Scalar(scalar) = &node.kind else { return Known::Hidden("an expression".to_owned()) };
    let mut name = scalar.value().to_owned();
    for (hole, of_each) in [("${each.key}", key), ("${each.value}", value)] {
        if !of_each.is_empty() {
            name = name.replace(hole, of_each);
        }
    }
    let service = name.strip_prefix("com.amazonaws.").and_then(|rest| match rest.starts_with("${") {
        true => rest.split_once("}."),
        false => rest.split_once('.'),
    });
    match service {
        Some((_, service)) if !service.contains("${") => Known::Text(service.to_owned()),
        _ => Known::Hidden(name),
    }
}
