"""Custom resources of cert-manager, External Secrets, the Gateway API and the load balancer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_kubernetes as kubernetes

from components._base.inside import Inside


@dataclass(frozen=True)
class Kind:
    """What an object is."""

    api_version: str
    name: str


def make_object(
    inside: Inside,
    suffix: str,
    kind: Kind,
    metadata: Mapping[str, object],
    spec: Mapping[str, object],
    *,
    after: Sequence[pulumi.Resource] = (),
    options: pulumi.ResourceOptions | None = None,
) -> pulumi.Resource:
    """Create an object; unless `options` say otherwise, it leaves nothing behind (`Inside.own`)."""
    options = options or inside.own
    options.depends_on = list(after)
    return kubernetes.apiextensions.CustomResource(
        f"{inside.scope.name}-{suffix}",
        api_version=kind.api_version,
        kind=kind.name,
        metadata=dict(metadata),  # pyright: ignore[reportArgumentType]
        spec=dict(spec),
        opts=options,
    )
