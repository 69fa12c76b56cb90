//! VPC endpoints, and the group that lets pulls reach them.

use super::super::hcl::{Expr, Item, argument, block};
use super::super::{ENDPOINTS, comment, needs_gateway, services};
use super::{Module, variable};

pub(super) fn endpoints(module: &Module<'_>) -> Vec<String> {
    let var = |name: &str| Expr::raw(format!("var.ecr_endpoints_{name}"));
    let names = services(module.needs).into_iter().map(Expr::text).collect();
    let service = |name: &str| Expr::text(format!("com.amazonaws.{}.{name}", module.region()));
    let ingress = vec![
        argument("description", Expr::text("HTTPS from what pulls")),
        argument("from_port", Expr::raw("443")),
        argument("to_port", Expr::raw("443")),
        argument("protocol", Expr::text("tcp")),
        argument("security_groups", var("client_security_group_ids")),
    ];
    let group = vec![
        argument("name_prefix", Expr::text("ecr-endpoints-")),
        argument("description", Expr::text("Endpoints that image pulls go through")),
        argument("vpc_id", var("vpc_id")),
        Item::Gap,
        Item::Block("ingress".to_owned(), ingress),
    ];
    let interface = vec![
        argument("for_each", Expr::Call("toset", Box::new(Expr::List(names)))),
        Item::Gap,
        argument("vpc_id", var("vpc_id")),
        argument("service_name", service("${each.value}")),
        argument("vpc_endpoint_type", Expr::text("Interface")),
        argument("private_dns_enabled", Expr::raw("true")),
        argument("subnet_ids", var("subnet_ids")),
        argument("security_group_ids", Expr::List(vec![Expr::raw("aws_security_group.ecr_endpoints.id")])),
    ];
    let gateway = vec![
        argument("vpc_id", var("vpc_id")),
        argument("service_name", service("s3")),
        argument("vpc_endpoint_type", Expr::text("Gateway")),
        argument("route_table_ids", var("route_table_ids")),
    ];
    let list = |name: &str, description: &str| variable(name, description, "list(string)", false);
    let has_interface = !services(module.needs).is_empty();
    let rows = [
        (true, comment(ENDPOINTS)),
        (true, variable("ecr_endpoints_vpc_id", "The VPC of what pulls", "string", false)),
        (has_interface, list("ecr_endpoints_subnet_ids", "One subnet for each availability zone of what pulls")),
        (
            needs_gateway(module.needs),
            list("ecr_endpoints_route_table_ids", "The route tables of the subnets of what pulls"),
        ),
        (
            has_interface,
            list("ecr_endpoints_client_security_group_ids", "The security groups of what pulls: of tasks, or of nodes"),
        ),
        (has_interface, block(&[], "resource \"aws_security_group\" \"ecr_endpoints\"", group)),
        (has_interface, block(&[], "resource \"aws_vpc_endpoint\" \"ecr_interface\"", interface)),
        (needs_gateway(module.needs), block(&[], "resource \"aws_vpc_endpoint\" \"ecr_layers\"", gateway)),
    ];
    rows.into_iter().filter(|row| row.0).map(|row| row.1).collect()
}
