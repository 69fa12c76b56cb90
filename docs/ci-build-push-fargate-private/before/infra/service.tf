resource "aws_ecs_cluster" "bookings" {
  name = "bookings"
}

resource "aws_cloudwatch_log_group" "bookings" {
  name              = "/bookings"
  retention_in_days = 30
}

resource "aws_ssm_parameter" "database" {
  name  = "/bookings/database"
  type  = "String"
  value = "postgres://db.example.com/bookings"
}

resource "aws_iam_role" "execution" {
  name = "bookings-execution"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}

resource "aws_iam_role_policy" "parameters" {
  name = "parameters"
  role = aws_iam_role.execution.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ssm:GetParameters"
      Resource = aws_ssm_parameter.database.arn
    }]
  })
}

resource "aws_ecs_task_definition" "bookings" {
  family                   = "bookings"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  execution_role_arn       = aws_iam_role.execution.arn

  container_definitions = jsonencode([
    {
      name         = "bookings"
      image        = "${aws_ecr_repository.bookings.repository_url}:${var.bookings_version}"
      essential    = true
      portMappings = [{ containerPort = 8080 }]
      secrets      = [{ name = "DATABASE", valueFrom = aws_ssm_parameter.database.arn }]
      logConfiguration = {
        logDriver = "awslogs"
        options = {
          "awslogs-group"         = aws_cloudwatch_log_group.bookings.name
          "awslogs-region"        = "eu-west-2"
          "awslogs-stream-prefix" = "bookings"
        }
      }
    },
    {
      name      = "metrics"
      image     = "public.ecr.aws/aws-observability/aws-otel-collector:v0.45.0"
      essential = false
    },
  ])
}

resource "aws_ecs_service" "bookings" {
  name            = "bookings"
  cluster         = aws_ecs_cluster.bookings.id
  task_definition = aws_ecs_task_definition.bookings.arn
  launch_type     = "FARGATE"
  desired_count   = 2

  network_configuration {
    subnets          = [aws_subnet.private.id]
    security_groups  = [aws_security_group.tasks.id]
    assign_public_ip = false
  }
}
