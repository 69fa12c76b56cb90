data "aws_vpc" "shared" {
  tags = {
    Name = "shared"
  }
}
