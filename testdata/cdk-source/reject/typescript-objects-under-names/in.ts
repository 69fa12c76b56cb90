import { Pod } from "cdk8s-plus-32";

const shared = { image: "nginx:1", name: "a" };
new Pod({ containers: [shared] });
console.log(shared);
export const seen = { image: "redis:7", name: "b" };
new Pod({ containers: [seen] });
const one = [two];
const two = [one, { image: "caddy:2" }];
new Pod({ initContainers: three });
const given = { image: props.image, name: "c" };
new Pod({ containers: [given] });
new Pod({ containers: [{ image: config.require("image") }] });
const built = ContainerImage.fromAsset(".");
const either = isLocal ? built : ContainerImage.fromRegistry("my-service");
new Pod({ containers: [{ image: either }, { image: built }, { image: new ecs.EcrImage(repository, "1") }] });
ContainerImage.fromRegistry(undefined);
ContainerImage.fromRegistry(null ?? "my-service");
