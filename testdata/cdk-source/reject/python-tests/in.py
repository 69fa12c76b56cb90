import aws_cdk as cdk


def test_web(template):
    assert template["Properties"] == {"ContainerDefinitions": [{"Image": "nginx:1.27"}]}
