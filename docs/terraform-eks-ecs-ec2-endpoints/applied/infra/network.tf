resource "aws_vpc" "weather" {
  cidr_block           = "10.90.0.0/16"
  enable_dns_support   = true
  enable_dns_hostnames = true
}

resource "aws_subnet" "private_a" {
  vpc_id            = aws_vpc.weather.id
  availability_zone = "us-west-2a"
  cidr_block        = "10.90.1.0/24"
}

resource "aws_subnet" "private_b" {
  vpc_id            = aws_vpc.weather.id
  availability_zone = "us-west-2b"
  cidr_block        = "10.90.2.0/24"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.weather.id
}

resource "aws_route_table_association" "private_a" {
  subnet_id      = aws_subnet.private_a.id
  route_table_id = aws_route_table.private.id
}

resource "aws_route_table_association" "private_b" {
  subnet_id      = aws_subnet.private_b.id
  route_table_id = aws_route_table.private.id
}
