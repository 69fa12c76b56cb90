import cdk8s
import cdk8s_plus_30 as kplus

kplus.Deployment(chart, "Web", containers=[
    kplus.ContainerProps(image="111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/nginx:1.27"),
    kplus.ContainerProps(image=f'{hosts["ecr"]}/ecr-public/docker/library/httpd:2.4'),
    kplus.ContainerProps(image=f"111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:{tag}"),
    kplus.ContainerProps(image=f'{hosts["ecr"]}/ecr-public/docker/library/node:{tag}'),
    kplus.ContainerProps(image=f'{hosts["ecr"]}/ecr-public/docker/library/python:' + tag),
])
