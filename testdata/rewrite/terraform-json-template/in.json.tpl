[
%{ for name in names ~}
  { "name": "${name}", "image": "public.ecr.aws/nginx/nginx:${tag}", "essential": false },
%{ endfor ~}
  { "name": "app", "image": "${app_image}", "portMappings": [{ "containerPort": ${port} }] },
  { "name": "cache", "image": "redis:7", "memory": ${memory} }
]
