//! What stands around the images in the source of CDK apps: task definitions, and whether something grants the cache's actions.

use super::{Inventory, Known, Puller, Service};
use crate::schema::task_definitions;
use crate::syntax::Node;

/// What the first pull of an image needs, and no grant of the CDK has.
const CACHE: [&str; 2] = ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"];

/// What a program says.
pub(super) fn program(inventory: &mut Inventory, root: &Node<'_>) {
    let mut named = [false; 2];
    root.scalars(&mut |node| {
        for (at, action) in CACHE.iter().enumerate() {
            named[at] |= node.text().is_some_and(|text| text == *action || text == "ecr:*");
        }
    });
    inventory.grants_in_program |= named == [true; 2];
    inventory.pullers.extend(task_definitions(root).into_iter().map(|task| Puller {
        service: Service::Ecs,
        place: task.place,
        role: Some(Known::Hidden(task.name)),
        on_fargate: task.on_fargate,
        logs: false,
        secrets: false,
        parameters: false,
        is_outside: false,
    }));
}
