[
%{ for name in names ~}
  { "name": "${name}", "image": "public.ecr.aws/nginx/nginx:${tag}" },
%{ endfor ~}
  { "name": "cache", "image": "redis:7" }
]
