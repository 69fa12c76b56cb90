import { ContainerImage } from "./containers";

export const image = ContainerImage.fromRegistry("nginx:1.27");
export const other = { image: "docker.io/library/nginx:1.27" };
