//! What a template of CloudFormation, or a task definition, says around the images.

use super::permission::{HOLE, Policy};
use super::{DefinedRule, Endpoint, Grant, Inventory, Known, Puller, Role, Service, listed};
use crate::schema::{call, text_of};
use crate::syntax::{Kind, Node};

pub(super) fn document(inventory: &mut Inventory, root: &Node<'_>) {
    if let Some(resources) = root.get("Resources") {
        for entry in resources.entries().unwrap_or_default() {
            if let Some(of_type) = entry.value.get("Type").and_then(Node::text) {
                let properties = entry.value.get("Properties").unwrap_or(&entry.value);
                resource(inventory, of_type, &entry.key, properties);
            }
        }
    } else if root.get("containerDefinitions").is_some() {
        task_definition(inventory, root);
    }
}

/// A task definition in a file of its own.
fn task_definition(inventory: &mut Inventory, root: &Node<'_>) {
    let on: Vec<&str> = root
        .get("requiresCompatibilities")
        .map_or_else(Vec::new, |value| listed(value).iter().filter_map(Node::text).collect());
    let on_fargate = if on.is_empty() { None } else { Some(on.contains(&"FARGATE")) };
    let role = root.get("executionRoleArn").map(known);
    inventory.pullers.push(Puller { place: String::new(), ..puller(Service::Ecs, "", root, role, on_fargate) });
}

fn resource(inventory: &mut Inventory, of_type: &str, id: &str, body: &Node<'_>) {
    let get = |key: &str| body.get(key);
    let role = |key: &str| get(key).map(known);
    match of_type {
        "AWS::ECR::PullThroughCacheRule" => {
            let upstream = get("UpstreamRegistryUrl").map(known);
            let upstream = upstream.or_else(|| get("UpstreamRegistry").map(known));
            if let (Some(prefix), Some(upstream)) = (get("EcrRepositoryPrefix").map(known), upstream) {
                let upstream_prefix = get("UpstreamRepositoryPrefix").map(known);
                inventory.rules.push(DefinedRule { prefix, upstream, upstream_prefix });
            }
        }
        "AWS::IAM::Role" => {
            let own = Role { name: get("RoleName").map(known).and_then(literal) };
            inventory.roles.insert(id.to_owned(), own);
            let mut grant = |policy| inventory.grants.push(Grant { role: Known::Resource(id.to_owned()), policy });
            if let Some(arns) = get("ManagedPolicyArns") {
                listed(arns).iter().for_each(|arn| grant(Policy::of_arn(&known(arn))));
            }
            for inline in get("Policies").map(listed).unwrap_or_default() {
                grant(inline.get("PolicyDocument").map_or_else(hidden, document_of));
            }
        }
        "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy" => {
            let policy = get("PolicyDocument").map_or_else(hidden, document_of);
            inventory.policies.insert(id.to_owned(), policy.clone());
            for node in get("Roles").or(get("RoleName")).map(listed).unwrap_or_default() {
                inventory.grants.push(Grant { role: known(node), policy: policy.clone() });
            }
        }
        "AWS::ECS::TaskDefinition" => {
            let on: Vec<&str> = get("RequiresCompatibilities")
                .map_or_else(Vec::new, |value| listed(value).iter().filter_map(Node::text).collect());
            let on_fargate = if on.is_empty() { None } else { Some(on.contains(&"FARGATE")) };
            inventory.pullers.push(puller(Service::Ecs, id, body, role("ExecutionRoleArn"), on_fargate));
        }
        "AWS::Batch::JobDefinition" => {
            let container = get("ContainerProperties");
            let role = container.and_then(|container| container.get("ExecutionRoleArn")).map(known);
            let on = get("PlatformCapabilities").map(|value| listed(value).iter().filter_map(Node::text));
            let on_fargate = on.map(|mut on| on.any(|one| one == "FARGATE"));
            inventory.pullers.push(puller(Service::Batch, id, body, role, on_fargate));
        }
        "AWS::CodeBuild::Project" => {
            inventory.pullers.push(puller(Service::CodeBuild, id, body, role("ServiceRole"), None));
        }
        "AWS::EKS::Nodegroup" => {
            inventory.pullers.push(puller(Service::EksNodes, id, body, role("NodeRole"), Some(false)));
        }
        "AWS::EKS::FargateProfile" => {
            let role = role("PodExecutionRoleArn");
            inventory.pullers.push(puller(Service::EksFargate, id, body, role, Some(true)));
        }
        "AWS::EC2::VPCEndpoint" => {
            let service = get("ServiceName").map_or(Known::Hidden(String::new()), service_of);
            let is_interface = get("VpcEndpointType").and_then(Node::text) == Some("Interface");
            let has_name = !is_interface || get("PrivateDnsEnabled").is_some_and(|on| on.text() != Some("false"));
            inventory.network.endpoints.push(Endpoint { service, has_name });
        }
        "AWS::EC2::Subnet" => inventory.network.subnets = true,
        "AWS::EC2::NatGateway" | "AWS::EC2::TransitGatewayAttachment" | "AWS::EC2::EgressOnlyInternetGateway" => {
            inventory.network.has_nat = true;
        }
        "AWS::ECS::Service" => {
            let network = get("NetworkConfiguration").and_then(|network| network.get("AwsvpcConfiguration"));
            let address = network.and_then(|network| network.get("AssignPublicIp"));
            inventory.network.public_addresses |= address.is_some_and(|address| address.text() != Some("DISABLED"));
        }
        _ => {}
    }
}

fn puller(service: Service, id: &str, body: &Node<'_>, role: Option<Known>, on_fargate: Option<bool>) -> Puller {
    let mut said = String::new();
    words(body, &mut said);
    Puller {
        service,
        place: format!("Resources.{id}"),
        role,
        on_fargate,
        logs: said.contains("awslogs"),
        secrets: said.contains("secretsmanager"),
        parameters: said.contains(":ssm:"),
    }
}

fn words(node: &Node<'_>, said: &mut String) {
    if let Kind::Scalar(scalar) = &node.kind {
        said.push_str(&scalar.value);
    }
    said.push('\n');
    node.children().into_iter().for_each(|child| words(child, said));
}

fn hidden() -> Policy {
    Policy::Hidden("a policy without a document".to_owned())
}

fn document_of(node: &Node<'_>) -> Policy {
    Policy::of_document(node, &text)
}

fn literal(known: Known) -> Option<String> {
    match known {
        Known::Text(text) => Some(text),
        _ => None,
    }
}

/// A value: a text, a resource of the stack, or what functions give.
fn known(node: &Node<'_>) -> Known {
    match call(node) {
        Some(("Ref", name)) => Known::Resource(name.text().unwrap_or_default().to_owned()),
        Some(("GetAtt", argument)) => {
            let whole = argument.text().or_else(|| argument.elements()?.first()?.text()).unwrap_or_default();
            Known::Resource(whole.split('.').next().unwrap_or_default().to_owned())
        }
        Some((name, _)) => match text_of(node) {
            Some(scalar) if scalar.holes.is_empty() => Known::Text(scalar.value.into_owned()),
            Some(scalar) => Known::Hidden(scalar.value.into_owned()),
            None => Known::Hidden(format!("!{name}")),
        },
        None => match node.text() {
            Some(text) => Known::Text(text.to_owned()),
            None => Known::Hidden("a value".to_owned()),
        },
    }
}

/// A text, with a mark for what is filled in.
fn text(node: &Node<'_>) -> Option<String> {
    let scalar = text_of(node)?;
    let mut text = String::new();
    let mut at = 0;
    for hole in &scalar.holes {
        text.push_str(&scalar.value[at..hole.range.start]);
        text.push(HOLE);
        at = hole.range.end;
    }
    text.push_str(&scalar.value[at..]);
    Some(text)
}

fn service_of(node: &Node<'_>) -> Known {
    let Some(name) = text(node) else { return Known::Hidden("a value".to_owned()) };
    match name.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.')) {
        Some((_, service)) if !service.contains(HOLE) => Known::Text(service.to_owned()),
        _ => Known::Hidden(name.replace(HOLE, "…")),
    }
}
