"""Writes a stack's AWS resources down as a plan of Terraform, which scanners read.

Pulumi's AWS provider is a bridge to Terraform's, so types and properties have one name in each. The
bridge writes names in camel case, lists of blocks in the plural, and a block of which there is one
without its list.
"""

import re
from collections.abc import Mapping, Sequence
from typing import cast

from simulator.cloud.model import Json
from simulator.state import masked

TYPE = re.compile(r"aws:(\w+)/\w+:(\w+)")

SERVICES: Mapping[str, str] = {"amp": "prometheus", "ec2": "", "lb": ""}
"""Where Terraform's types have another prefix than Pulumi's module, or none."""

TYPES: Mapping[str, str] = {
    "aws:lb/listener:Listener": "aws_lb_listener",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:lb/targetGroup:TargetGroup": "aws_lb_target_group",
}

MAPS = frozenset({"dimensions", "labels", "tags", "variables"})
"""Properties that are maps in Terraform too, with keys of the user's own."""

PLURAL = frozenset(
    {"blockDeviceMappings", "ingress", "egress", "redactedFields", "tagSpecifications"}
)
"""Lists of blocks that are named as here in Terraform too."""

ENDINGS = (("ies", "y"), ("xes", "x"), ("ses", "s"), ("s", ""))


def terraform_type(token: str) -> str:
    """Return Terraform's type of an AWS resource: `aws_s3_bucket` of `aws:s3/bucket:Bucket`."""
    if token in TYPES:
        return TYPES[token]
    found = TYPE.fullmatch(token)
    if not found:
        raise ValueError(f"{token!r} is no type of AWS; wanted e.g. aws:s3/bucket:Bucket")
    service, name = found.groups()
    return "_".join(part for part in ("aws", SERVICES.get(service, service), snake(name)) if part)


def snake(name: str) -> str:
    """Return a name in snake case: `kms_key_id` of `kmsKeyId`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def singular(name: str) -> str:
    """Return the name of one of several blocks: `rule` of `rules`."""
    for ending, one in ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending) + one
    return name


def arguments(properties: Mapping[str, object]) -> dict[str, object]:
    """Return properties as Terraform's plan has them: a block is a list, even if it is one."""
    found: dict[str, object] = {}
    for key, value in properties.items():
        if isinstance(value, dict) and key not in MAPS:
            found[snake(key)] = [arguments(cast("Json", value))]
        elif isinstance(value, list) and _blocks(cast("list[object]", value)):
            name = key if key in PLURAL else singular(key)
            found[snake(name)] = [arguments(each) for each in cast("list[Json]", value)]
        else:
            found[snake(key)] = value
    return found


def _blocks(values: Sequence[object]) -> bool:
    return bool(values) and all(isinstance(value, dict) for value in values)


def plan(resources: Sequence[Json]) -> dict[str, object]:
    """Return the plan that would make a state's AWS resources; secrets are masked.

    Scanners follow from one resource to another by the references of its arguments, which the state
    tells.
    """
    ours = {cast("str", r["urn"]): r for r in resources if _is_aws(r)}
    addresses = {urn: address(resource) for urn, resource in ours.items()}
    planned: list[Json] = []
    changes: list[Json] = []
    configured: list[Json] = []
    for urn, resource in ours.items():
        type_, _, name = addresses[urn].partition(".")
        values = arguments(cast("Json", masked(resource.get("inputs") or {})))
        known = {
            "address": addresses[urn],
            "mode": "managed",
            "type": type_,
            "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
        }
        planned.append({**known, "schema_version": 0, "values": values})
        change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}}
        changes.append({**known, "change": change})
        expressions = _references(resource, addresses)
        configured.append({**known, "provider_config_key": "aws", "expressions": expressions})
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": {"name": "aws"}},
            "root_module": {"resources": configured},
        },
    }


def address(resource: Json) -> str:
    """Return the address of a resource, which is unique: type and logical name."""
    name = re.sub(r"[^\w-]", "_", cast("str", resource["urn"]).rpartition("::")[2])
    return f"{terraform_type(cast('str', resource['type']))}.{name}"


def _is_aws(resource: Json) -> bool:
    return bool(resource.get("custom")) and cast("str", resource["type"]).startswith("aws:")


def _references(resource: Json, addresses: Mapping[str, str]) -> dict[str, object]:
    sources = cast("Mapping[str, list[str]]", resource.get("propertyDependencies") or {})
    found: dict[str, object] = {}
    for key, urns in sources.items():
        named = [addresses[urn] for urn in urns if urn in addresses]
        if named:
            each = [reference for one in named for reference in (f"{one}.id", one)]
            found[snake(key)] = {"references": each}
    return found
