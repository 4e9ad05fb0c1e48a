"""Every `aws` command in docs/ is one that AWS has, by the service models of its own SDK."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import TypedDict, cast

import botocore
import pytest
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader

from tests.documented import Command, commands, pages

GLOBAL = frozenset(
    {
        *("query", "output", "region", "profile", "max-items", "page-size", "starting-token"),
        *("cli-input-json", "no-paginate", "no-cli-pager", "debug"),
    }
)
"""Options of the command line itself.

https://docs.aws.amazon.com/cli/latest/reference/#options and
https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html (2026-11)
"""

CUSTOM: Mapping[tuple[str, str], frozenset[str]] = {
    ("ecr", "get-login-password"): frozenset(),
    ("eks", "get-token"): frozenset({"cluster-name"}),
    ("eks", "update-kubeconfig"): frozenset({"name"}),
    ("logs", "tail"): frozenset({"filter-pattern", "follow", "format", "since"}),
    ("s3", "ls"): frozenset({"recursive"}),
}
"""Commands that are no operation of a service.

https://docs.aws.amazon.com/cli/latest/reference/ (2026-11)
"""

EVERY = [command for page in pages() for command in commands(page, "aws")]

SHORTHAND = re.compile(r"(\w[\w.]*)=")


class Reference(TypedDict):
    shape: str


class Shape(TypedDict, total=False):
    """What a service model says of a value."""

    members: Mapping[str, Reference]
    required: Sequence[str]
    member: Reference
    enum: Sequence[str]


class Operation(TypedDict, total=False):
    input: Reference


class Service(TypedDict):
    operations: Mapping[str, Operation]
    shapes: Mapping[str, Shape]


class Waiter(TypedDict):
    operation: str


@cache
def model(service: str) -> Service:
    return cast("Service", Loader().load_service_model(service, "service-2"))


def waiters(service: str) -> Mapping[str, Waiter]:
    found = cast("Mapping[str, object]", Loader().load_service_model(service, "waiters-2"))
    return cast("Mapping[str, Waiter]", found["waiters"])


def cli(name: str) -> str:
    """Return a name as the command line writes it."""
    # botocore has no types
    return cast("Callable[[str, str], str]", vars(botocore)["xform_name"])(name, "-")


def problems(command: Command) -> Iterator[str]:
    """Yield what the command line would refuse."""
    _, service, operation, *rest = command.words
    given = dict(options(rest))
    if (service, operation) in CUSTOM:
        yield from sorted(given.keys() - CUSTOM[service, operation] - GLOBAL)
        return
    service = {"s3api": "s3"}.get(service, service)
    try:
        known = {cli(name): each for name, each in model(service)["operations"].items()}
        if operation == "wait":
            called = {cli(name): each["operation"] for name, each in waiters(service).items()}
            operation = cli(called[rest[0]])
    except (UnknownServiceError, KeyError) as error:
        yield str(error)
        return
    if operation not in known:
        yield f"{service} has no {operation}"
    elif rest:  # else it is only named
        shape = known[operation].get("input")
        yield from wrong_options(service, shape_of(service, shape) if shape else {}, given)


def shape_of(service: str, reference: Reference) -> Shape:
    return model(service)["shapes"][reference["shape"]]


def wrong_options(service: str, shape: Shape, given: Mapping[str, str | None]) -> Iterator[str]:
    members = {cli(name): shape_of(service, r) for name, r in shape.get("members", {}).items()}
    said = {name if name in members else name.removeprefix("no-"): v for name, v in given.items()}
    for option, value in said.items():
        if option not in members:
            if option not in GLOBAL and f"no-{option}" not in GLOBAL:
                yield f"unknown option --{option}"
        elif value is not None:
            yield from wrong_value(service, option, members[option], value)
    missing = {cli(name) for name in shape.get("required", ())} - said.keys()
    if missing and "cli-input-json" not in said:
        yield f"missing: {', '.join(sorted(missing))}"


def wrong_value(service: str, option: str, shape: Shape, value: str) -> Iterator[str]:
    """Yield what is wrong with a value, as far as it stands there."""
    inner = shape_of(service, shape["member"]) if "member" in shape else shape
    allowed = inner.get("enum", ())
    if allowed and re.fullmatch(r"[A-Za-z_:-]+", value) and value not in allowed:
        yield f"--{option} {value}: none of {', '.join(allowed)}"
    members = inner.get("members")
    if members and (unknown := keys_of(value) - members.keys()):
        yield f"--{option}: {', '.join(sorted(unknown))} not in {', '.join(members)}"


def keys_of(value: str) -> set[str]:
    """Return the keys of a structure, in JSON or in the short form."""
    if value.startswith(("file://", "$", "VALUE")):
        return set()
    if value.startswith(("{", "[")):
        found = cast("object", json.loads(value))
        first = cast("list[object]", found)[0] if isinstance(found, list) else found
        return set(cast("Mapping[str, object]", first))
    outermost = re.sub(r"=(\[[^\]]*\]|\{[^}]*\})", "=", value)
    return {key.split(".")[0] for key in SHORTHAND.findall(outermost)}


def options(words: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Yield each option with the first of its values."""
    for index, word in enumerate(words):
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            after = words[index + 1] if index + 1 < len(words) else "--"
            yield name, value or (None if after.startswith("--") else after)


def test_there_are_commands_to_look_at():
    assert len(EVERY) > 80
    assert len({command.words[1] for command in EVERY}) > 15


@pytest.mark.parametrize("service", sorted({command.words[1] for command in EVERY}))
def test_aws_has_every_command(service: str):
    wrong = {
        str(command): found
        for command in EVERY
        if command.words[1] == service and (found := list(problems(command)))
    }
    assert wrong == {}


@pytest.mark.parametrize(
    "line",
    [
        "aws kafka scale --cluster-arn A",
        "aws kafkaesque list-clusters",
        "aws kafka describe-cluster-v2 --cluster A",
        "aws kafka describe-cluster-v2 --query ClusterInfo.State",
        "aws dynamodb scan --table-name T --select SUM",
        "aws dynamodb wait table-gone --table-name T",
        "aws s3api put-bucket-versioning --bucket B --versioning-configuration State=Enabled",
    ],
)
def test_what_aws_has_not_is_found(line: str):
    assert list(problems(Command("page", tuple(line.split()))))
