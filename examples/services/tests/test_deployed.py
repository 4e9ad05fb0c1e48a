"""What the stack files say of the services, and what these are."""

from collections.abc import Iterator, Mapping
from typing import cast

import deployed
import pytest
from deployed import STACKS, environment, known, operations, required, stack_file
from pydantic_settings import BaseSettings

from local.members import settings_of
from notifications.worker import WorkerSettings
from orders.backlog import BacklogSettings

pytestmark = pytest.mark.skipif(bool(deployed.MISSING), reason=deployed.MISSING)

Section = dict[str, dict[str, dict[str, object]]]


def section(stack: str, name: str) -> Mapping[str, dict[str, object]]:
    return cast("Section", stack_file(stack))[name]


SETTINGS: Mapping[str, type[BaseSettings]] = {
    **{name: settings_of(name) for name in section(deployed.STACK, "services")},
    **{name: settings_of(name) for name in section(deployed.STACK, "serverless")},
    "mailer": WorkerSettings,
    "orders-backlog": BacklogSettings,
}

SPARE: Mapping[str, set[str]] = {"orders": {"CACHE_URL", "CACHE_USERNAME", "CACHE_PASSWORD"}}
"""The stack files let orders use the cache; the example has nothing to keep there."""


@pytest.mark.parametrize("name", SETTINGS)
def test_a_workload_reads_each_variable_it_is_given_and_gets_each_it_needs(name: str):
    given, settings = set(environment(deployed.STACK, name)), SETTINGS[name]
    assert given - known(settings) - SPARE.get(name, set()) == set(), "nobody reads these"
    assert required(settings) - given == set(), "it does not start without these"


def identity_scopes(stack: str) -> set[str]:
    """Return all scopes, as they are written in tokens (components/identity/scopes.py)."""
    identity = cast("Section", stack_file(stack)["identity"])
    servers = cast("Section", identity["cognito"]["resourceServers"])
    return {
        f"{server.get('identifier') or name}/{scope}"
        for name, server in servers.items()
        for scope in server["scopes"]
    }


def public(stack: str) -> Iterator[tuple[str, Mapping[str, list[str]]]]:
    """Give each service that the gateway shows, and what of it."""
    for name, service in section(stack, "services").items():
        if "public" in service:
            yield name, cast("Mapping[str, list[str]]", service["public"])


@pytest.mark.parametrize("stack", STACKS)
def test_services_ask_for_scopes_that_tokens_have(stack: str):
    known = identity_scopes(stack)
    for name, shown in public(stack):
        asked = {(method, scope) for method, _, scopes in operations(name) for scope in scopes}
        assert {scope for _, scope in asked} <= known, name
        methods = shown.get("methods", [method for method, _ in asked])
        seen = {scope for method, scope in asked if method in methods}
        assert seen == set(shown.get("scopes", ())), name


@pytest.mark.parametrize("stack", STACKS)
def test_the_gateway_sends_a_service_the_paths_that_it_has(stack: str):
    """The gateway changes no path: `/orders` of the stack file is `/orders` of the service."""
    for name, shown in public(stack):
        prefixes = shown["paths"]
        paths = {path for _, path, _ in operations(name)}
        outside = [p for p in paths if not any(f"{p}/".startswith(f"{e}/") for e in prefixes)]
        assert outside == [], name
        unused = [e for e in prefixes if not any(f"{p}/".startswith(f"{e}/") for p in paths)]
        assert unused == [], name


@pytest.mark.parametrize("stack", STACKS)
def test_routes_to_the_function_are_those_it_has(stack: str):
    functions = cast("Section", stack_file(stack)["serverless"])
    routes = cast("Section", functions["spending"]["routes"])
    declared = {
        (*key.split(" "), frozenset(cast("list[str]", route.get("scopes", []))))
        for key, route in routes.items()
    }
    assert declared == {*operations("spending"), ("GET", "/health/live", frozenset[str]())}
