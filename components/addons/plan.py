"""What `Addons` will make, computed before anything is made."""

from collections.abc import Mapping
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.addons.args import AddonsArgs, DnsSource
from components.addons.images import IMAGE_RELEASES
from components.addons.spec import AddonsSpec, NodePoolSpec

GATEWAY_SOURCES = frozenset({DnsSource.HTTP_ROUTE, DnsSource.GRPC_ROUTE})

OWNER_TAGS = ("project", "environment")
"""Tags by which IAM tells the platform's own secrets and target groups from others'."""


@dataclass(frozen=True)
class AddonsPlan:
    """The add-ons of one cluster."""

    spec: AddonsSpec
    domains: tuple[str, ...]
    """Of the zones, in order; empty: neither external-dns nor issuers."""
    image: str
    """The image of Karpenter's nodes, as an alias."""

    @property
    def replicas(self) -> int:
        """Pods of each controller."""
        return self.spec.replicas

    @property
    def pools(self) -> Mapping[str, NodePoolSpec]:
        """Kinds of nodes, in the order of their names."""
        return dict(sorted(self.spec.node_pools.items()))


def plan_addons(args: AddonsArgs, name: str = "addons") -> AddonsPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"Addons {name!r}"
    check_name(name, owner)
    spec = read_spec(AddonsSpec, AddonsArgs, args, owner)
    problems: list[Problem] = []
    untagged = [tag for tag in OWNER_TAGS if tag not in (args.get("tags") or {})]
    if untagged and not spec.secret_store.name_prefixes:
        reason = f"give it, or the tags {' and '.join(untagged)}, or all secrets would be readable"
        problems.append(Problem("secret_store.name_prefixes", reason))
    if untagged and not args.get("target_group_arns"):
        reason = f"give them, or the tags {' and '.join(untagged)}, or all could be changed"
        problems.append(Problem("target_group_arns", reason))
    gateway = sorted(GATEWAY_SOURCES.intersection(spec.external_dns.sources))
    if gateway and "gateway_api" not in args:
        listed = ", ".join(source.value for source in gateway)
        reason = f"{listed} needs gateway_api: it stops where the Gateway API is not defined"
        problems.append(Problem("external_dns.sources", reason))
    if problems:
        raise InvalidInput(owner, problems)
    version = spec.nodes.image_version or IMAGE_RELEASES[spec.nodes.os]
    return AddonsPlan(
        spec=spec,
        domains=tuple(sorted(args.get("zones") or {})),
        image=f"{spec.nodes.os.value}@{version}",
    )
