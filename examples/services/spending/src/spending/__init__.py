"""Spending: what a customer's orders came to, as a Lambda function."""
