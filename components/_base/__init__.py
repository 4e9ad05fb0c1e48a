"""What every component shares: input validation, tags, IAM documents and encryption keys."""
