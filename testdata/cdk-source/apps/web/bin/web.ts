#!/usr/bin/env node
import * as cdk from "aws-cdk-lib";
import { WebStack } from "../lib/web-stack";

const app = new cdk.App();
new WebStack(app, "Web", { env: { account: "111122223333", region: "eu-central-1" } });
