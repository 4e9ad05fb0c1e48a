"""The disks that Kubernetes objects claim, whatever their kind."""

from collections.abc import Iterator

from simulator.report.cost_rules import Item
from simulator.report.model import Resource
from simulator.report.values import at, leaves, mapping, number, sequence

_UNITS = {"Ki": 2**-20, "Mi": 2**-10, "Gi": 1, "Ti": 2**10}


def claimed_disks(resource: Resource) -> Iterator[Item]:
    """Yield the disks that a Kubernetes object claims.

    It finds `volumeClaimTemplates` beside a `count` or `replicas`, and a claim itself.
    """
    gib = sum(_claims(resource.inputs))
    if resource.kind == "PersistentVolumeClaim":
        gib += _gib(at(resource.inputs, "spec", "resources", "requests", "storage"))
    if gib:
        yield Item("claimed disks", "ebs.gp3", gib, "gp3 of the size that the claims ask for")


def _claims(value: object) -> Iterator[float]:
    templates = sequence(at(value, "volumeClaimTemplates"))
    if templates:
        times = number(at(value, "count") or at(value, "replicas"), 1)
        sizes = (at(t, "spec", "resources", "requests", "storage") for t in templates)
        yield times * sum(_gib(size) for size in sizes)
    for item in [*mapping(value).values(), *sequence(value)]:
        yield from _claims(item)


def _gib(size: object) -> float:
    text = next(leaves(size), "")
    return number(text[:-2]) * _UNITS.get(text[-2:], 0)
