"""The catalog as a Lambda function."""
