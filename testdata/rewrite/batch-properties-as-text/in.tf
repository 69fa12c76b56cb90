resource "aws_batch_job_definition" "ranges" {
  name = "ranges"
  type = "multinode"

  node_properties = <<-JSON
    {
      "mainNode": 0,
      "numNodes": ${var.nodes},
      "nodeRangeProperties": [
        { "targetNodes": "0:", "container": { "image": "perl:5.40", "vcpus": 1 } },
        { "targetNodes": "1:", "container": { "image": "public.ecr.aws/docker/library/perl:${var.perl}", "vcpus": 1 } }
      ]
    }
  JSON
}

resource "aws_batch_job_definition" "tasks" {
  name           = "tasks"
  type           = "container"
  ecs_properties = "{\"taskProperties\":[{\"containers\":[{\"name\":\"main\",\"image\":\"bash:5.2\"}]}]}"
}
