import * as ecs from "aws-cdk-lib/aws-ecs";
import { chain } from "langchain";
import { AzureAgent } from "./azure-agent";
import { expected } from "./testing";

new AzureAgent(this, "Agent", { containers: [{ image: "nginx:1.27" }] });
new ContainerApp(this, "App", { containers: [{ image: "redis:7" }] });
