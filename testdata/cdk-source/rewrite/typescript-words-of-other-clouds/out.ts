import * as ecs from "aws-cdk-lib/aws-ecs";
import { chain } from "langchain";
import { AzureAgent } from "./azure-agent";
import { expected } from "./testing";

new AzureAgent(this, "Agent", { containers: [{ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27" }] });
new ContainerApp(this, "App", { containers: [{ image: "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7" }] });
