resource "aws_ecs_task_definition" "paid" {
  family = "paid"

  container_definitions = jsonencode([
    {
      name  = "cache"
      image = "docker.io/library/redis:7"
      repositoryCredentials = {
        credentialsParameter = aws_secretsmanager_secret.hub.arn
      }
    },
  ])
}
