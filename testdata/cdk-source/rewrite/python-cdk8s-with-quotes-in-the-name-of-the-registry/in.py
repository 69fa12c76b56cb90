import cdk8s
import cdk8s_plus_30 as kplus

kplus.Deployment(chart, "Web", containers=[
    kplus.ContainerProps(image="nginx:1.27"),
    kplus.ContainerProps(image='httpd:2.4'),
    kplus.ContainerProps(image=f"redis:{tag}"),
    kplus.ContainerProps(image=f'node:{tag}'),
    kplus.ContainerProps(image='python:' + tag),
])
