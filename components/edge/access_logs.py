"""The bucket of a load balancer's logs."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components._base.iam import Statement
from components._base.place import place_of
from components._base.scope import Scope
from components.edge.load_balancer import ACCESS_LOGS, CONNECTION_LOGS
from components.edge.plan import EdgePlan
from components.storage.bucket import MadeBucket, make_bucket

DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com"


def make_log_bucket(scope: Scope, plan: EdgePlan) -> MadeBucket:
    """Create the bucket to which load balancers of this account and region write.

    Encrypted with S3's own key, as they can use no other:
    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    (2026-11).
    """
    place = place_of(scope.parent)
    prefixes = [ACCESS_LOGS]
    if plan.spec.access_logs.connections:
        prefixes.append(CONNECTION_LOGS)

    def admit(bucket: aws.s3.Bucket) -> Sequence[Statement]:
        return [
            Statement(
                "LoadBalancerLogs",
                ["s3:PutObject"],
                # For other accounts the service writes under their own numbers. A condition on the
                # source is not in AWS's example, and it is said that none is sent.
                [
                    pulumi.Output.concat(bucket.arn, f"/{prefix}/AWSLogs/", place.account, "/*")
                    for prefix in prefixes
                ],
                {"Service": [DELIVERY]},
            )
        ]

    return make_bucket(scope, "logs", plan.log_bucket, key=None, admit=admit)
