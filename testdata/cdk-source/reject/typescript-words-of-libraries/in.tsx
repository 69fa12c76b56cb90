// Not an app of aws-cdk-lib, cdk8s or pulumi.
import React from "react";

export const card = { containers: [{ image: "python:3", alt: "pulumi" }], container: { image: "nginx:1" } };
renderContainer({ image: "nginx", alt: "aws-cdk-lib" });
