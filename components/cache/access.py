"""What a consumer of a cache with IAM auth is allowed."""

import pulumi

from components._base.iam import Statement


def connect_statements(
    cache_arn: pulumi.Input[str], user_arn: pulumi.Input[str]
) -> list[Statement]:
    """Return what a pod's role needs to log in as the application's user: this user, this cache.

    With passwords it needs `read_secret_statements` of `components._base.secret` instead.
    https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html (2026-11)
    """
    return [Statement("ConnectToCache", ["elasticache:Connect"], [cache_arn, user_arn])]
