"""The roles that CI takes in one AWS account."""
