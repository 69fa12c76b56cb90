variable "team_policy_arn" {
  type = string
}
