"""Kubernetes versions on EKS, how long each is supported, and the add-ons that go with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum


@dataclass(frozen=True)
class Release:
    """One minor version of Kubernetes on EKS."""

    released: date
    standard_until: date
    """Last day of standard support."""
    extended_until: date
    """Last day of extended support, which costs six times as much and which we don't use."""

    def supported(self, today: date) -> bool:
        """Tell whether the version is in standard support."""
        return self.released <= today <= self.standard_until


RELEASES: Mapping[str, Release] = {
    "1.36": Release(date(2026, 6, 2), date(2027, 8, 2), date(2028, 8, 2)),
    "1.35": Release(date(2026, 1, 27), date(2027, 3, 27), date(2028, 3, 27)),
    "1.34": Release(date(2025, 10, 2), date(2026, 12, 2), date(2027, 12, 2)),
    "1.33": Release(date(2025, 5, 29), date(2026, 7, 29), date(2027, 7, 29)),
    "1.32": Release(date(2025, 1, 23), date(2026, 3, 23), date(2027, 3, 23)),
    "1.31": Release(date(2024, 9, 26), date(2025, 11, 26), date(2026, 11, 26)),
}
"""Newest first.

https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html#kubernetes-release-calendar
(2026-09) and https://endoflife.date/amazon-eks (2026-07)
"""

DEFAULT_VERSION = "1.36"
"""The newest version whose add-ons are pinned below."""

WARN_DAYS = 90
"""How long before the end of standard support a plan starts to warn: time for one upgrade."""


class Addon(str, Enum):
    """The EKS add-ons of every cluster."""

    VPC_CNI = "vpc-cni"
    KUBE_PROXY = "kube-proxy"
    POD_IDENTITY_AGENT = "eks-pod-identity-agent"
    COREDNS = "coredns"
    EBS_CSI = "aws-ebs-csi-driver"


ADDONS: Mapping[str, Mapping[Addon, str]] = {
    "1.36": {
        Addon.VPC_CNI: "v1.22.4-eksbuild.3",
        Addon.KUBE_PROXY: "v1.36.0-eksbuild.25",
        Addon.POD_IDENTITY_AGENT: "v1.3.10-eksbuild.3",
        Addon.COREDNS: "v1.14.3-eksbuild.23",
        Addon.EBS_CSI: "v1.66.0-eksbuild.1",
    },
    "1.35": {
        Addon.VPC_CNI: "v1.22.4-eksbuild.3",
        Addon.KUBE_PROXY: "v1.35.3-eksbuild.29",
        Addon.POD_IDENTITY_AGENT: "v1.3.10-eksbuild.3",
        Addon.COREDNS: "v1.13.2-eksbuild.31",
        Addon.EBS_CSI: "v1.66.0-eksbuild.1",
    },
    "1.34": {
        Addon.VPC_CNI: "v1.21.2-eksbuild.2",
        Addon.KUBE_PROXY: "v1.34.6-eksbuild.11",
        Addon.POD_IDENTITY_AGENT: "v1.3.10-eksbuild.3",
        Addon.COREDNS: "v1.12.4-eksbuild.17",
        Addon.EBS_CSI: "v1.62.0-eksbuild.1",
    },
}
"""What EKS itself gives by default with each version, as clusters in public projects recorded it in
2026-06 (1.34) and 2026-09 (1.35, 1.36). To renew:

    aws eks describe-addon-versions --kubernetes-version 1.36 \\
      --query "addons[].{name:addonName,version:addonVersions[?compatibilities[0].defaultVersion]}"
"""


def supported_versions(today: date) -> Sequence[str]:
    """Return the versions that a cluster may have today, newest first."""
    return [v for v, release in RELEASES.items() if v in ADDONS and release.supported(today)]
