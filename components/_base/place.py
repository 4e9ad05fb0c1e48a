"""Where the resources of a component live: partition, region and account."""

import re
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

REGION_NAME = re.compile(r"[a-z]{2}(-[a-z]+)+-\d", re.ASCII)
"""E.g. `eu-central-1`, `us-gov-west-1`."""


@dataclass(frozen=True)
class Place:
    """What ARNs are made of."""

    partition: pulumi.Output[str]
    region: pulumi.Output[str]
    account: pulumi.Output[str]

    def arn(
        self, service: str, resource: pulumi.Input[str], *, region: bool = True, account: str = ""
    ) -> pulumi.Output[str]:
        """Return an ARN in this region and account.

        :param region: false for global services such as IAM.
        :param account: instead of this one, e.g. `*` where other accounts share with us, or `aws`.
        """
        return pulumi.Output.concat(
            *("arn:", self.partition, f":{service}:"),
            *((self.region,) if region else ()),
            *(":", account or self.account, ":", resource),
        )

    def unowned_arn(self, service: str, resource: str) -> pulumi.Output[str]:
        """Return an ARN in this region and no account, e.g. of a public image."""
        return pulumi.Output.concat(
            "arn:", self.partition, f":{service}:", self.region, "::", resource
        )

    def aws_policy(self, name: str) -> pulumi.Output[str]:
        """Return the ARN of a policy that AWS manages, e.g. `AmazonEKSClusterPolicy`."""
        return self.arn("iam", f"policy/{name}", region=False, account="aws")


def place_of(component: pulumi.Resource) -> Place:
    """Return where `component`'s AWS provider puts things."""
    own = pulumi.InvokeOptions(parent=component)
    return Place(
        partition=aws.get_partition_output(opts=own).partition,
        region=aws.get_region_output(opts=own).region,
        account=aws.get_caller_identity_output(opts=own).account_id,
    )
