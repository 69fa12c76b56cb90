//! What a template of CloudFormation, or a task definition, says around the images.

use super::permission::{HOLE, Policy};
use super::{DefinedRule, Endpoint, Grant, Inventory, Known, Puller, Role, Service, listed};
use crate::schema::{call, text_of};
use crate::syntax::{Kind, Node};

pub(super) fn document(inventory: &mut Inventory, root: &Node<'_>) {
    if let Some(resources) = root.get("Resources") {
        for entry in resources.entries().unwrap_or_default() {
            // What a loop makes is not read.
            if entry.key.starts_with("Fn::ForEach::") {
                let mut said = String::new();
                words(&entry.value, &mut said);
                inventory.network.has_hidden |= said.contains("AWS::EC2::");
            }
            if let Some(of_type) = entry.value.get("Type").and_then(Node::text) {
                let properties = entry.value.get("Properties").unwrap_or(&entry.value);
                resource(inventory, of_type, &entry.key, properties);
            }
        }
    } else if root.get("containerDefinitions").is_some() {
        task_definition(inventory, root, "");
    } else if let Some(described) = root.get("taskDefinition").filter(|task| task.get("containerDefinitions").is_some())
    {
        task_definition(inventory, described, "taskDefinition");
    } else if root.get("kind").and_then(Node::text) == Some("PullThroughCacheRule")
        && let Some(spec) = root.get("spec")
        && let (Some(prefix), Some(upstream)) = (spec.get("ecrRepositoryPrefix"), spec.get("upstreamRegistryURL"))
    {
        // An object of the controller for ECR in a cluster.
        let (prefix, upstream) = (known(prefix), known(upstream));
        inventory.rules.push(DefinedRule { prefix, upstream, upstream_prefix: None });
    }
}

/// A task definition in a file of its own.
fn task_definition(inventory: &mut Inventory, root: &Node<'_>, place: &str) {
    let on: Vec<&str> = root
        .get("requiresCompatibilities")
        .map_or_else(Vec::new, |value| listed(value).iter().filter_map(Node::text).collect());
    let on_fargate = if on.is_empty() { None } else { Some(on.contains(&"FARGATE")) };
    let role = root.get("executionRoleArn").map(known);
    inventory.pullers.push(Puller { place: place.to_owned(), ..puller(Service::Ecs, "", root, role, on_fargate) });
}

fn resource(inventory: &mut Inventory, of_type: &str, id: &str, body: &Node<'_>) {
    let get = |key: &str| body.get(key);
    let is_set = |value: &&Node<'_>| !is_no_value(value);
    let role = |key: &str| get(key).filter(is_set).map(known);
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
            let boundary = get("PermissionsBoundary").map(|arn| Policy::of_arn(&known(arn)));
            let own = Role { name: get("RoleName").map(known), boundary };
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
            let mut role = None;
            for properties in
                [get("ContainerProperties"), get("EcsProperties"), get("NodeProperties")].into_iter().flatten()
            {
                find(properties, "ExecutionRoleArn", &mut |value| role = Some(known(value)));
            }
            let on = get("PlatformCapabilities").map(|value| listed(value).iter().filter_map(Node::text));
            let on_fargate = on.map(|mut on| on.any(|one| one == "FARGATE"));
            inventory.pullers.push(puller(Service::Batch, id, body, role, on_fargate));
        }
        "AWS::CodeBuild::Project" => {
            let own = puller(Service::CodeBuild, id, body, role("ServiceRole"), None);
            inventory.pullers.push(Puller { is_outside: get("VpcConfig").is_none(), ..own });
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
        "AWS::EC2::Subnet" => {
            inventory.network.subnets = true;
            inventory.network.public_subnets |= get("MapPublicIpOnLaunch").is_some_and(|on| on.text() != Some("false"));
        }
        "AWS::EC2::NatGateway" => {
            inventory.network.has_nat |= get("ConnectivityType").and_then(Node::text) != Some("private");
        }
        "AWS::EC2::EgressOnlyInternetGateway" => inventory.network.has_nat = true,
        "AWS::EC2::Route" => {
            let ways =
                ["NatGatewayId", "TransitGatewayId", "InstanceId", "NetworkInterfaceId", "VpcPeeringConnectionId"];
            let is_default = get("DestinationCidrBlock").and_then(Node::text).is_none_or(|to| to == "0.0.0.0/0");
            inventory.network.has_nat |= is_default && ways.iter().any(|way| get(way).is_some());
        }
        "AWS::Route53::HostedZone" => {
            inventory.network.names_elsewhere |=
                get("Name").and_then(Node::text).is_some_and(|name| name.contains("ecr"));
        }
        "AWS::ECR::RegistryPolicy" => inventory.has_registry_policy = true,
        "AWS::CloudFormation::Stack" => nested(inventory, body),
        _ => {}
    }
    find(body, "AssignPublicIp", &mut |address| {
        inventory.network.public_addresses |= address.text() != Some("DISABLED");
    });
}

/// A stack within the stack: what it is given says what it may do.
fn nested(inventory: &mut Inventory, body: &Node<'_>) {
    inventory.network.has_hidden |= body.get("Parameters").is_some();
    for entry in body.get("Parameters").and_then(Node::entries).unwrap_or_default() {
        if let Known::Resource(id) = known(&entry.value) {
            let policy = Policy::Hidden("a nested stack".to_owned());
            inventory.grants.push(Grant { role: Known::Resource(id), policy });
        }
    }
}

/// The values of a key, at any depth.
fn find(node: &Node<'_>, key: &str, found: &mut dyn FnMut(&Node<'_>)) {
    for entry in node.entries().unwrap_or_default().iter().filter(|entry| entry.key == key) {
        found(&entry.value);
    }
    node.children().into_iter().for_each(|child| find(child, key, found));
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
        is_outside: false,
    }
}

fn words(node: &Node<'_>, said: &mut String) {
    if let Kind::Scalar(scalar) = &node.kind {
        said.push_str(scalar.value());
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

fn is_no_value(node: &Node<'_>) -> bool {
    matches!(call(node), Some(("Ref", name)) if name.text() == Some("AWS::NoValue"))
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
            Some(scalar) if scalar.holes().is_empty() => Known::Text(scalar.into_value().into_owned()),
            Some(scalar) => Known::Hidden(scalar.into_value().into_owned()),
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
    for hole in scalar.holes() {
        text.push_str(&scalar.value()[at..hole.range.start]);
        text.push(HOLE);
        at = hole.range.end;
    }
    text.push_str(&scalar.value()[at..]);
    Some(text)
}

fn service_of(node: &Node<'_>) -> Known {
    let Some(name) = text(node) else { return Known::Hidden("a value".to_owned()) };
    match name.strip_prefix("com.amazonaws.").and_then(|rest| rest.split_once('.')) {
        Some((_, service)) if !service.contains(HOLE) => Known::Text(service.to_owned()),
        _ => Known::Hidden(name.replace(HOLE, "…")),
    }
}
