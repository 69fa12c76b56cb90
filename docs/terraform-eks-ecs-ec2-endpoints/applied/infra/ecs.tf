# The collector of readings runs on ECS, on instances of its own.

resource "aws_ecs_cluster" "collector" {
  name = "collector"
}

resource "aws_security_group" "instances" {
  name   = "collector-instances"
  vpc_id = aws_vpc.weather.id
}

resource "aws_vpc_security_group_egress_rule" "instances" {
  security_group_id = aws_security_group.instances.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_iam_role" "instance" {
  name = "collector-instance"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "instance" {
  role       = aws_iam_role.instance.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role"
}

resource "aws_iam_instance_profile" "instance" {
  name = "collector-instance"
  role = aws_iam_role.instance.name
}

data "aws_ssm_parameter" "machine_image" {
  name = "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id"
}

resource "aws_launch_template" "collector" {
  name          = "collector"
  image_id      = data.aws_ssm_parameter.machine_image.value
  instance_type = "t4g.small"
  user_data     = base64encode("#!/bin/sh\necho ECS_CLUSTER=collector >> /etc/ecs/ecs.config\n")

  iam_instance_profile {
    arn = aws_iam_instance_profile.instance.arn
  }

  vpc_security_group_ids = [aws_security_group.instances.id]
}

resource "aws_autoscaling_group" "collector" {
  name                = "collector"
  min_size            = 1
  max_size            = 2
  vpc_zone_identifier = [aws_subnet.private_a.id, aws_subnet.private_b.id]

  launch_template {
    id      = aws_launch_template.collector.id
    version = "$Latest"
  }
}

resource "aws_ecs_task_definition" "collector" {
  family                   = "collector"
  requires_compatibilities = ["EC2"]
  network_mode             = "bridge"

  container_definitions = jsonencode([
    {
      name         = "broker"
      image        = "${local.ecr_registry}/ecr-public/docker/library/eclipse-mosquitto:2.0.22"
      memory       = 256
      essential    = true
      portMappings = [{ containerPort = 1883, hostPort = 1883 }]
    }
  ])
}

resource "aws_ecs_service" "collector" {
  name            = "collector"
  cluster         = aws_ecs_cluster.collector.id
  task_definition = aws_ecs_task_definition.collector.arn
  launch_type     = "EC2"
  desired_count   = 1
}
