"""Another opinion: a stack's resources as Terraform and Kubernetes have them, for checkov."""
