"""Code of the Lambda function that compares reports."""
