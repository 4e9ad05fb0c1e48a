"""What both engines give to their consumers."""

from typing import Protocol

import pulumi


class SearchService(Protocol):
    """A search engine, whichever it is. Everything is an output, and empty where there is none."""

    endpoint: pulumi.Output[str]
    """URL of the REST API, always https."""
    ca_secret: pulumi.Output[str]
    """Kubernetes secret with the `ca.crt` that signs the endpoint's certificate, as
    `namespace/name`; empty: a public authority does."""
    secret: pulumi.Output[str]
    """ARN of the secret with `username` and `password` in Secrets Manager; empty: requests are
    signed by IAM roles."""
    key_arn: pulumi.Output[str]
    """The key that encrypts data and secret; a reader of the secret needs it too, see
    `components._base.secret.read_secret_statements`."""
    security_group_id: pulumi.Output[str]
    """The engine's security group; empty: it runs on the cluster's nodes."""
