image  = "nginx"
theme  = "redis"
