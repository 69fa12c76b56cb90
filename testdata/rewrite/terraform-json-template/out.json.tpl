[
%{ for name in names ~}
  { "name": "${name}", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/nginx/nginx:${tag}", "essential": false },
%{ endfor ~}
  { "name": "app", "image": "${app_image}", "portMappings": [{ "containerPort": ${port} }] },
  { "name": "cache", "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/ecr-public/docker/library/redis:7", "memory": ${memory} }
]
