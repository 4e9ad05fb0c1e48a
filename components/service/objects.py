"""Kubernetes objects: pure functions build them as manifests, and one function creates them.

Manifests go to the engine as they are, without the SDK's classes translating each field's name: a
stack may have thousands (docs/workloads.md).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components._base.inside import Inside
from components.mesh.resources import API_VERSIONS, Resource

Json = Mapping[str, object]
Texts = Mapping[str, pulumi.Input[str]]

NAME_LABEL = "app.kubernetes.io/name"
"""By it pods are selected: the workload's name."""


@dataclass(frozen=True)
class Object:
    """An object that is still to be made."""

    api_version: str
    kind: str
    name: str
    fields: Json
    """As in a manifest, beside `apiVersion`, `kind` and `metadata`."""
    annotations: Texts = field(default_factory=dict[str, pulumi.Input[str]])
    labels: Texts = field(default_factory=dict[str, pulumi.Input[str]])
    cluster_wide: bool = False
    """It is in no namespace."""


def from_mesh(resource: Resource) -> Object:
    """Return one of the mesh's resources as an object."""
    annotations: Texts = dict(resource.annotations or {})
    fields = {"spec": dict(resource.spec)}
    return Object(
        API_VERSIONS[resource.kind], resource.kind, resource.name, fields, annotations=annotations
    )


def make(
    inside: Inside,
    item: Object,
    namespace: pulumi.Input[str],
    *,
    after: Sequence[pulumi.Resource] = (),
    ignore: Sequence[str] = (),
) -> pulumi.Resource:
    """Create an object, which leaves nothing behind outside the cluster.

    :param after: what it needs to work; on a destroy it goes before that.
    :param ignore: fields that others own once it is there.
    """
    options = inside.own
    options.depends_on = list(after)
    options.ignore_changes = list(ignore)
    metadata: dict[str, object] = {"name": item.name, "namespace": namespace}
    if item.cluster_wide:
        # It is in no namespace, but comes after all that an object in this one comes after.
        placed = pulumi.Output.from_input(namespace)
        metadata = {"name": placed.apply(lambda _: item.name)}
    metadata |= {"annotations": dict(item.annotations)} if item.annotations else {}
    metadata |= {"labels": dict(item.labels)} if item.labels else {}
    group = item.api_version if "/" in item.api_version else f"core/{item.api_version}"
    head = {"apiVersion": item.api_version, "kind": item.kind, "metadata": metadata}
    return pulumi.CustomResource(
        f"kubernetes:{group}:{item.kind}",
        f"{item.name}-{item.kind.lower()}",
        {**head, **item.fields},
        options,
    )


def make_all(
    inside: Inside,
    items: Sequence[Object],
    namespace: pulumi.Input[str],
    *,
    after: Sequence[pulumi.Resource] = (),
) -> list[pulumi.Resource]:
    """Create objects that do not need each other."""
    return [make(inside, item, namespace, after=after) for item in items]
