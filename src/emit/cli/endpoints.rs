//! VPC endpoints, and the group that lets pulls reach them.

use super::super::{ENDPOINTS, comment, needs_gateway, services};
use super::{Block, Script, demand};

pub(super) fn endpoints(script: &Script<'_>) -> Block {
    let (note, services) = (comment(ENDPOINTS), services(script.needs).join(" "));
    let (has_interface, has_gateway) = (!services.is_empty(), needs_gateway(script.needs));
    let mut text = note;
    if has_interface {
        text.push_str(&interfaces(&services));
    }
    if has_gateway {
        text.push_str(GATEWAY);
    }
    let rows = [
        (true, demand("VPC_ID", "the VPC of what pulls")),
        (
            has_interface,
            demand("SUBNET_IDS", "one subnet for each availability zone of what pulls, with spaces between them"),
        ),
        (
            has_gateway,
            demand("ROUTE_TABLE_IDS", "the route tables of the subnets of what pulls, with spaces between them"),
        ),
        (
            has_interface,
            demand("CLIENT_SECURITY_GROUP_IDS", "the security groups of what pulls, with spaces between them"),
        ),
    ];
    Block { demands: rows.into_iter().filter(|row| row.0).map(|row| row.1).collect(), text }
}

const GATEWAY: &str = r#"# shellcheck disable=SC2086
aws ec2 create-vpc-endpoint --vpc-id "$VPC_ID" --vpc-endpoint-type Gateway \
  --service-name "com.amazonaws.$region.s3" --route-table-ids $ROUTE_TABLE_IDS
"#;

fn interfaces(services: &str) -> String {
    format!(
        r#"group=$(
  aws ec2 create-security-group --group-name ecr-endpoints --vpc-id "$VPC_ID" \
    --description 'Endpoints that image pulls go through' --query GroupId --output text
)
for client in $CLIENT_SECURITY_GROUP_IDS; do
  aws ec2 authorize-security-group-ingress --group-id "$group" --protocol tcp --port 443 --source-group "$client"
done
for service in {services}; do
  # The subnets are several words.
  # shellcheck disable=SC2086
  aws ec2 create-vpc-endpoint --vpc-id "$VPC_ID" --vpc-endpoint-type Interface \
    --service-name "com.amazonaws.$region.$service" --private-dns-enabled \
    --subnet-ids $SUBNET_IDS --security-group-ids "$group"
done
"#
    )
}
