resource "aws_ecs_task_definition" "kiosk" {
  family = "kiosk"
  container_definitions = jsonencode([
    { name = "web", image = "nginx:1.27" },
    { name = "kept", image = "nginx:1.27" }, # ecrewrite: ignore
    # ecrewrite: ignore until the mirror has it
    { name = "above", image = "redis:7" },
    { name = "cache", image = "redis:7" }, # ecrewrite: ignored is another word
  ])
}
