resource "aws_bedrockagentcore_agent_runtime" "a" {
  agent_runtime_artifact {
    container_configuration {
      container_uri = "nginx:1"
    }
  }
}
