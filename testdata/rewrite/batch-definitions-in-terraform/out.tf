resource "aws_batch_job_definition" "container" {
  name                 = "container"
  type                 = "container"
  container_properties = jsonencode({ image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/busybox", command = ["true"] })
}

resource "aws_batch_job_definition" "text" {
  name                 = "text"
  type                 = "container"
  container_properties = <<JSON
{ "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/amazonlinux/amazonlinux:2023", "memory": ${var.memory} }
JSON
}

resource "aws_batch_job_definition" "nodes" {
  name = "nodes"
  type = "multinode"
  node_properties = jsonencode({
    mainNode = 0
    numNodes = 1
    nodeRangeProperties = [
      { targetNodes = "0:", container = { image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/swipl:9.2", vcpus = 2 } },
    ]
  })
}

resource "aws_batch_job_definition" "ecs" {
  name = "ecs"
  type = "container"
  ecs_properties = jsonencode({
    taskProperties = [{ containers = [{ name = "main", image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/h7d3k5v2/import:5" }] }]
  })
}

resource "aws_batch_job_definition" "eks" {
  name = "eks"
  type = "container"
  eks_properties {
    pod_properties {
      init_containers {
        image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/alpine:3.20"
      }
      containers {
        image = "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/amazonlinux/amazonlinux:2023"
      }
    }
  }
}
