cart_version  = "2026-11-03.1"
migrate_image = "postgres:17.2-alpine"
