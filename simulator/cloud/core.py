"""The simulated cloud: one core for the unit tests' mocks and for the gRPC providers."""

import dataclasses
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from components._base.errors import Problem
from simulator.cloud.faults import Faults
from simulator.cloud.inventory import Inventory, Record
from simulator.cloud.limits import limit_problems
from simulator.cloud.model import ACCOUNT, AutoName, Json, Model, Request
from simulator.cloud.real import NOTHING, Real
from simulator.cloud.registry import invokes, model_of
from simulator.cloud.schema import input_problems, resource_schema
from simulator.cloud.values import UNKNOWN, Difference, differences, is_unknown, known

AUTONAME_DIGITS = 7
"""Length of the random part of an autonamed resource, as in Pulumi's providers."""

EC2_ID = re.compile(
    r"(vpc|subnet|sg|rtb|igw|nat|eipalloc|vpce|lt|acl|eni|pl|vpc-cidr-assoc)-[0-9a-f]{17}"
)


class CloudError(Exception):
    """The simulated cloud refuses a request, in words like the real one's."""


AUTONAMED = "pulumi.com/autonamed"
"""Annotation of objects that the program did not name, as pulumi-kubernetes sets it."""

CLUSTER = "aws:eks/cluster:Cluster"


@dataclass(frozen=True)
class Comparison:
    """What an update of one resource means."""

    differences: Sequence[Difference]
    replaces: Sequence[str]
    delete_before_replace: bool


class Cloud:
    """Creates, changes, reads and deletes simulated resources of every provider."""

    def __init__(
        self,
        region: str = "eu-west-1",
        inventory: Inventory | None = None,
        faults: Faults | None = None,
        real: Real = NOTHING,
    ) -> None:
        """Open the cloud of one stack.

        :param region: where resources are that name no region themselves.
        :param real: what is not simulated.
        """
        self.region = region
        self.inventory = inventory or Inventory()
        self.faults = faults or Faults()
        self.real = real

    def check(
        self, type_: str, name: str, inputs: Json, *, olds: Json | None = None, seed: bytes = b""
    ) -> tuple[dict[str, object], list[Problem]]:
        """Complete `inputs` as the provider does (autonames), and find what is wrong with them."""
        model = model_of(type_)
        checked = {key: value for key, value in inputs.items() if value is not None}
        problems = input_problems(type_, checked)
        if type_.startswith("kubernetes:") and not model.autoname:
            _name_object(name, checked, olds or {}, seed)
        if model.autoname:
            problems += _autoname(model.autoname, name, checked, olds or {}, seed)
        plain = cast("Json", known(checked))
        if model.api:
            problems += limit_problems(model.api, plain)
        request = self._request(type_, name, "", plain)
        refused = model.refuses(dataclasses.replace(request, given=frozenset(_given(checked))))
        problems += [Problem(*_split(message)) for message in refused]
        return checked, problems

    def compare(self, type_: str, old: Json, new: Json) -> Comparison:
        """Tell what changes between two sets of checked inputs, and what forces a replacement."""
        model = model_of(type_)
        found = [d for d in differences(old, new) if not d.path.startswith("__")]
        replaces = [d.path for d in found if _forces(d, model.replaces)]
        first = model.delete_before_replace or (
            type_.startswith("kubernetes:") and not model.autoname and _takes_its_name(old, new)
        )
        return Comparison(found, replaces, first)

    def create(
        self, type_: str, urn: str, name: str, inputs: Json, *, preview: bool = False
    ) -> tuple[str, dict[str, object]]:
        """Create a resource; return its id and outputs. A preview gives unknowns and creates none.

        :raises CloudError: when the cloud refuses.
        """
        if preview:
            return "", self._previewed(type_, inputs)
        if self.faults.strikes(type_):
            raise CloudError(f"InternalFailure: {type_} {name!r} failed, as --fault asked")
        self._refuse_dangling(inputs)
        generation = self.inventory.generation(urn)
        request = self._request(type_, name, f"{urn}#{generation}", inputs)
        model = model_of(type_)
        request = dataclasses.replace(request, id=model.identity(request))
        if self.inventory.exists(type_, request.id):
            raise CloudError(f"AlreadyExists: {type_} {request.id!r} exists already")
        self.inventory.add(Record(type_, urn, request.id, inputs))
        return request.id, {**_outputs(model, request), **self.real.outputs.get(type_, {})}

    def update(
        self, type_: str, urn: str, id_: str, olds: Json, inputs: Json, *, preview: bool
    ) -> dict[str, object]:
        """Change a resource in place; computed outputs stay as they were."""
        schema = resource_schema(type_)
        settable = schema.inputs.keys() if schema else set[str]()
        kept = {key: value for key, value in olds.items() if key not in settable}
        name = urn.rsplit("::", 1)[-1]
        request = dataclasses.replace(self._request(type_, name, urn, inputs), id=id_)
        before = self.inventory.find(urn)
        nested = _computed_within(olds, before.inputs if before else inputs, inputs)
        changed = model_of(type_).updates(request, olds)
        merged = {**kept, **inputs, **nested, **_tags_all(inputs), **changed}
        if not preview:
            if not self.inventory.exists(type_, id_):
                raise CloudError(f"NotFound: {type_} {id_!r} does not exist; run a refresh")
            self._refuse_dangling(inputs)
            self.inventory.change(Record(type_, urn, id_, inputs))
        return merged

    def read(self, type_: str, id_: str, state: Json) -> dict[str, object] | None:
        """Return the resource's state, or None when it is gone."""
        return dict(state) if self.inventory.exists(type_, id_) else None

    def delete(self, type_: str, id_: str, state: Json) -> None:
        """Delete a resource; one that is gone already is no error.

        :raises CloudError: while it is guarded, or others still use it.
        """
        model = model_of(type_)
        if not self.inventory.exists(type_, id_):
            return
        if model.guards_deletion and state.get(model.guards_deletion) is True:
            raise CloudError(
                f"InvalidRequest: {type_} {id_!r} has {model.guards_deletion} on; "
                "turn it off (platform:protect: false, see docs/teardown.md), run up, then destroy"
            )
        if EC2_ID.fullmatch(id_):
            user = next(self.inventory.users_of(id_), None)
            if user:
                raise CloudError(f"DependencyViolation: {id_} is still used by {user.urn}")
        self.inventory.remove(type_, id_)
        if type_ == CLUSTER:
            self._forget_objects()

    def _forget_objects(self) -> None:
        """Drop the Kubernetes objects with the last cluster, as nothing says in which one they are.

        A program leaves to it what nobody has to clean up (`deleted_with`).
        """
        alive = self.inventory.alive()
        if any(record.type == CLUSTER for record in alive):
            return
        for record in alive:
            if record.type.startswith("kubernetes:"):
                self.inventory.remove(record.type, record.id)

    def invoke(self, token: str, args: Json) -> dict[str, object]:
        """Answer a provider function.

        :raises CloudError: when nothing here can answer it.
        """
        answer = invokes().get(token)
        if answer is None:
            raise CloudError(f"the simulated cloud cannot answer {token}")
        return dict(answer(self._request(token, token, "", args)))

    def _request(self, type_: str, name: str, seed: str, inputs: Json) -> Request:
        region = inputs.get("region")
        return Request(
            type_, name, seed, inputs, region if isinstance(region, str) else self.region
        )

    def _previewed(self, type_: str, inputs: Json) -> dict[str, object]:
        schema = resource_schema(type_)
        computed = dict.fromkeys(schema.outputs, UNKNOWN) if schema else {}
        declared = schema.inputs.keys() if schema else set[str]()
        settable = declared - inputs.keys()
        for key in settable - {"name", "arn", "region"}:
            computed.pop(key, None)  # optional and left out: most stay unset
        region = {"region": self.region} if "region" in computed else {}
        return {**computed, **region, **inputs, **_tags_all(inputs)}

    def _refuse_dangling(self, inputs: Json) -> None:
        ids = {record.id for record in self.inventory.alive()}
        for used in _ec2_ids(inputs):
            if used not in ids and self.inventory.issued(used):
                raise CloudError(f"NotFound: {used} does not exist any more")


def _computed_within(olds: Json, before: Json, inputs: Json) -> dict[str, object]:
    """Return the objects among `inputs` with what the cloud itself had put into them.

    E.g. an EKS cluster's `vpcConfig` has the id of the cluster's security group.

    :param olds: the state so far.
    :param before: the inputs so far.
    """
    found: dict[str, object] = {}
    for key, value in inputs.items():
        old, given = olds.get(key), before.get(key)
        if not (isinstance(value, Mapping) and isinstance(old, Mapping)):
            continue
        set_ = cast("Json", given) if isinstance(given, Mapping) else dict[str, object]()
        own = {k: v for k, v in cast("Json", old).items() if k not in set_}
        if own:
            found[key] = {**own, **cast("Json", value)}
    return found


def _outputs(model: Model, request: Request) -> dict[str, object]:
    schema = resource_schema(request.type)
    declared = schema.outputs.keys() if schema else set[str]()
    service = request.type.split(":")[1].split("/")[0]
    filled: dict[str, object] = {}
    if "arn" in declared:
        kind = request.type.rsplit(":", 1)[-1].lower()
        filled["arn"] = request.arn(service, f"{kind}/{request.id}")
    if "region" in declared:
        filled["region"] = request.region
    if "ownerId" in declared:
        filled["ownerId"] = ACCOUNT
    return {**filled, **request.inputs, **_tags_all(request.inputs), **model.outputs(request)}


def _tags_all(inputs: Json) -> dict[str, object]:
    return {"tagsAll": inputs["tags"]} if "tags" in inputs else {}


def _autoname(
    rule: AutoName, name: str, checked: dict[str, object], olds: Json, seed: bytes
) -> list[Problem]:
    """Give a physical name as Pulumi's providers do: keep the old one, else invent one."""
    given = (rule.property, f"{rule.property}Prefix")
    if any(key in checked for key in given):
        return []
    if rule.property in olds:
        checked[rule.property] = olds[rule.property]
        return []
    digits = hashlib.sha256(seed or name.encode()).hexdigest()[:AUTONAME_DIGITS]
    physical = f"{name}{rule.separator}{digits}"
    if len(physical) > rule.limit:
        room = rule.limit - AUTONAME_DIGITS - len(rule.separator)
        return [Problem(rule.property, f"{name!r} is too long to name it; at most {room} allowed")]
    checked[rule.property] = physical
    return []


def _name_object(name: str, checked: dict[str, object], olds: Json, seed: bytes) -> None:
    """Give a Kubernetes object its name and namespace, as the provider does."""
    metadata = dict(cast("Json", checked.get("metadata") or {}))
    before = cast("Json", olds.get("metadata") or {})
    if "name" not in metadata and "generateName" not in metadata:
        digits = hashlib.sha256(seed or name.encode()).hexdigest()[:8]
        metadata["name"] = before.get("name", f"{name}-{digits}")
        given = cast("Json", metadata.get("annotations") or {})
        metadata["annotations"] = {**given, AUTONAMED: "true"}
    checked["metadata"] = metadata


def _takes_its_name(old: Json, new: Json) -> bool:
    """Tell whether an object that the program names is replaced by one of the same name.

    Two of a name can't be, so pulumi-kubernetes deletes it first (4.34, provider.go, `Diff`).
    """
    was, will = (cast("Json", each.get("metadata") or {}) for each in (old, new))
    annotations = cast("Json", will.get("annotations") or {})
    same = all(was.get(key) == will.get(key) for key in ("name", "namespace"))
    return same and "name" in will and AUTONAMED not in annotations


def _given(inputs: Json, above: str = "") -> Iterator[str]:
    """Give the path of each input that is neither null nor an empty list."""
    for key, value in inputs.items():
        if value is None or value == []:
            continue
        yield f"{above}{key}"
        if isinstance(value, Mapping):
            yield from _given(cast("Json", value), f"{above}{key}.")


def _forces(difference: Difference, replaces: frozenset[str]) -> bool:
    path = difference.bare
    return any(
        path == rule or path.startswith((f"{rule}.", f"{rule}[")) for rule in replaces
    ) or any(rule.startswith(f"{path}.") for rule in replaces)


def _split(message: str) -> tuple[str, str]:
    path, separator, reason = message.partition(": ")
    return (path, reason) if separator else ("", message)


def _ec2_ids(value: object) -> list[str]:
    if isinstance(value, str):
        return [value] if EC2_ID.fullmatch(value) and not is_unknown(value) else []
    if isinstance(value, Mapping):
        return [i for item in cast("Json", value).values() for i in _ec2_ids(item)]
    if isinstance(value, list):
        return [i for item in cast("list[object]", value) for i in _ec2_ids(item)]
    return []
