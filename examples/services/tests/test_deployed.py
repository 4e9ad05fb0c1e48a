"""What the stack files say of the services, and what these are."""

from collections.abc import Mapping
from typing import cast

import deployed
import pytest
from deployed import STACKS, environment, known, operations, required, stack_file
from pydantic_settings import BaseSettings

from catalog.app import CatalogSettings
from notifications.app import NotificationsSettings
from notifications.worker import WorkerSettings
from orders.app import OrdersSettings
from orders.backlog import BacklogSettings
from spending.app import SpendingSettings

pytestmark = pytest.mark.skipif(bool(deployed.MISSING), reason=deployed.MISSING)

SETTINGS: Mapping[str, type[BaseSettings]] = {
    "catalog": CatalogSettings,
    "orders": OrdersSettings,
    "notifications": NotificationsSettings,
    "mailer": WorkerSettings,
    "orders-backlog": BacklogSettings,
    "spending": SpendingSettings,
}

Section = dict[str, dict[str, dict[str, object]]]


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


def public(stack: str, service: str) -> Mapping[str, list[str]]:
    services = cast("Section", stack_file(stack)["services"])
    return cast("Mapping[str, list[str]]", services[service]["public"])


@pytest.mark.parametrize("stack", STACKS)
def test_services_ask_for_scopes_that_tokens_have(stack: str):
    asked = {scope for name in ("orders", "catalog") for _, _, s in operations(name) for scope in s}
    assert asked <= identity_scopes(stack)
    of_orders = {scope for _, _, scopes in operations("orders") for scope in scopes}
    assert of_orders == set(public(stack, "orders")["scopes"])
    read = {scope for method, _, s in operations("catalog") if method == "GET" for scope in s}
    assert read == set(public(stack, "catalog").get("scopes", ()))


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("service", ["orders", "catalog"])
def test_the_gateway_sends_a_service_the_paths_that_it_has(stack: str, service: str):
    """The gateway changes no path: `/orders` of the stack file is `/orders` of the service."""
    prefixes = public(stack, service)["paths"]
    paths = {path for _, path, _ in operations(service)}
    outside = [p for p in paths if not any(f"{p}/".startswith(f"{each}/") for each in prefixes)]
    assert outside == []
    assert [e for e in prefixes if not any(f"{p}/".startswith(f"{e}/") for p in paths)] == []


@pytest.mark.parametrize("stack", STACKS)
def test_routes_to_the_function_are_those_it_has(stack: str):
    functions = cast("Section", stack_file(stack)["serverless"])
    routes = cast("Section", functions["spending"]["routes"])
    declared = {
        (*key.split(" "), frozenset(cast("list[str]", route.get("scopes", []))))
        for key, route in routes.items()
    }
    assert declared == {*operations("spending"), ("GET", "/health/live", frozenset[str]())}
