//! VPC endpoints, and the group that lets pulls reach them.

use super::super::tree::{Tree, entry};
use super::super::{ENDPOINTS, needs_gateway, services};
use super::Stack;

const VPC: &str = "VpcId";
const SUBNETS: &str = "SubnetIds";
const ROUTE_TABLES: &str = "RouteTableIds";
const CLIENT: &str = "ClientSecurityGroupId";
const GROUP: &str = "EndpointSecurityGroup";

pub(super) fn endpoints(stack: &mut Stack<'_>) {
    stack.parameter(VPC, "AWS::EC2::VPC::Id", "The VPC of what pulls");
    if !services(stack.needs).is_empty() {
        interfaces(stack);
    }
    if needs_gateway(stack.needs) {
        gateway(stack);
    }
}

fn interfaces(stack: &mut Stack<'_>) {
    stack.parameter(SUBNETS, "List<AWS::EC2::Subnet::Id>", "One subnet for each availability zone of what pulls");
    stack.parameter(CLIENT, "AWS::EC2::SecurityGroup::Id", "The security group of what pulls: of tasks, or of nodes");

    let ingress = vec![
        entry("Description", "HTTPS from what pulls"),
        entry("IpProtocol", "tcp"),
        entry("FromPort", Tree::Number(443)),
        entry("ToPort", Tree::Number(443)),
        entry("SourceSecurityGroupId", Tree::call("Ref", CLIENT)),
    ];
    let group = vec![
        entry("GroupDescription", "Endpoints that image pulls go through"),
        entry("VpcId", Tree::call("Ref", VPC)),
        entry("SecurityGroupIngress", vec![Tree::from(ingress)]),
    ];
    let group = vec![entry("Type", "AWS::EC2::SecurityGroup"), entry("Properties", group)];
    stack.resources.push(entry(GROUP, group).saying(ENDPOINTS));

    for name in services(stack.needs) {
        let properties = vec![
            entry("VpcId", Tree::call("Ref", VPC)),
            entry("ServiceName", service(stack, name)),
            entry("VpcEndpointType", "Interface"),
            entry("PrivateDnsEnabled", Tree::Bool(true)),
            entry("SubnetIds", Tree::call("Ref", SUBNETS)),
            entry("SecurityGroupIds", vec![Tree::call("GetAtt", format!("{GROUP}.GroupId"))]),
        ];
        endpoint(stack, name, properties);
    }
}

fn gateway(stack: &mut Stack<'_>) {
    let routes = "The route tables of the subnets of what pulls; open connections to S3 break for a moment";
    stack.parameter(ROUTE_TABLES, "CommaDelimitedList", routes);
    let properties = vec![
        entry("VpcId", Tree::call("Ref", VPC)),
        entry("ServiceName", service(stack, "s3")),
        entry("VpcEndpointType", "Gateway"),
        entry("RouteTableIds", Tree::call("Ref", ROUTE_TABLES)),
    ];
    endpoint(stack, "s3", properties);
}

fn service(stack: &Stack<'_>, name: &str) -> Tree {
    stack.text(format!("com.amazonaws.{}.{name}", stack.region()))
}

fn endpoint(stack: &mut Stack<'_>, name: &str, properties: Vec<super::Entry>) {
    let words = name.split(['.', '-']).filter_map(|word| Some(word.get(..1)?.to_ascii_uppercase() + word.get(1..)?));
    let id = format!("{}Endpoint", words.collect::<String>());
    stack.resources.push(entry(id, vec![entry("Type", "AWS::EC2::VPCEndpoint"), entry("Properties", properties)]));
}
