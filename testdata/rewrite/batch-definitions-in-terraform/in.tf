resource "aws_batch_job_definition" "container" {
  name                 = "container"
  type                 = "container"
  container_properties = jsonencode({ image = "busybox", command = ["true"] })
}

resource "aws_batch_job_definition" "text" {
  name                 = "text"
  type                 = "container"
  container_properties = <<JSON
{ "image": "public.ecr.aws/amazonlinux/amazonlinux:2023", "memory": ${var.memory} }
JSON
}

resource "aws_batch_job_definition" "nodes" {
  name = "nodes"
  type = "multinode"
  node_properties = jsonencode({
    mainNode = 0
    numNodes = 1
    nodeRangeProperties = [
      { targetNodes = "0:", container = { image = "swipl:9.2", vcpus = 2 } },
    ]
  })
}

resource "aws_batch_job_definition" "ecs" {
  name = "ecs"
  type = "container"
  ecs_properties = jsonencode({
    taskProperties = [{ containers = [{ name = "main", image = "public.ecr.aws/h7d3k5v2/import:5" }] }]
  })
}

resource "aws_batch_job_definition" "eks" {
  name = "eks"
  type = "container"
  eks_properties {
    pod_properties {
      init_containers {
        image = "alpine:3.20"
      }
      containers {
        image = "public.ecr.aws/amazonlinux/amazonlinux:2023"
      }
    }
  }
}
