"""The gateway: what each route to the outside must have, and what no plugin may say."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.rule import Verdict, Violation, resource_policy, stack_policy
from policies.subject import Subject, item, items
from policies.workloads import ROUTE, of_the_mesh

PLUGIN = "kubernetes:configuration.konghq.com/v1:KongPlugin"
CLUSTER_PLUGIN = "kubernetes:configuration.konghq.com/v1:KongClusterPlugin"
KINDS = (ROUTE, PLUGIN, CLUSTER_PLUGIN)

NAMED = "konghq.com/plugins"
ANONYMOUS = "fastapi-platform/anonymous"
"""Annotation of a route, `true`: its callers need not say who they are."""

LIMITS = ("rate-limiting", "rate-limiting-advanced")
AUTHENTICATION = ("jwt", "key-auth", "oauth2", "openid-connect", "basic-auth", "mtls-auth")
HEADERS = "response-transformer"
HSTS = "strict-transport-security"


@dataclass(frozen=True)
class Routed:
    """A route, and the plugins that it gets."""

    route: Subject
    plugins: Sequence[Subject]
    unknown: UnknownValueError | None = None
    """Which plugins it names is not known yet."""

    def kinds(self) -> set[object]:
        """Return the kinds of its plugins."""
        return {each.get("plugin") for each in self.plugins}


def outside(stack: Sequence[Subject]) -> Iterator[Routed]:
    """Give the routes to the outside, each with its plugins."""
    everywhere = [
        each
        for each in stack
        if each.type == CLUSTER_PLUGIN and item(each.get("metadata.labels"), "global") == "true"
    ]
    named: Mapping[object, Subject] = {
        each.get("metadata.name"): each for each in stack if each.type in (PLUGIN, CLUSTER_PLUGIN)
    }
    for route in stack:
        if route.type != ROUTE or of_the_mesh(route):
            continue
        names = item(route.get("metadata.annotations"), NAMED)
        if isinstance(names, UnknownValueError):
            yield Routed(route, everywhere, names)
            continue
        own = [named[name] for name in str(names or "").split(",") if name in named]
        yield Routed(route, [*everywhere, *own])


def _limited(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    for routed in outside(stack):
        if not routed.kinds() & set(LIMITS):
            yield (
                routed.route,
                routed.unknown
                or Violation(
                    "has no rate limit", "name a KongPlugin of rate-limiting, or make one global"
                ),
            )


def _authenticated(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    for routed in outside(stack):
        anonymous = item(routed.route.get("metadata.annotations"), ANONYMOUS) == "true"
        if not anonymous and not routed.kinds() & set(AUTHENTICATION):
            yield (
                routed.route,
                routed.unknown
                or Violation(
                    "lets everybody in",
                    f"name a KongPlugin of jwt or key-auth, or annotate it with {ANONYMOUS}: "
                    '"true" if that is meant',
                ),
            )


def _headers(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    for routed in outside(stack):
        # A plugin of the route takes the place of the global one of the same kind.
        changing = [each for each in routed.plugins if each.get("plugin") == HEADERS]
        if not changing or not _sets_hsts(changing[-1]):
            yield (
                routed.route,
                routed.unknown
                or Violation(
                    "sends no security headers",
                    f"let its KongPlugin of {HEADERS}, or a global one, set {HSTS} and the others",
                ),
            )


def _sets_hsts(plugin: Subject) -> bool:
    return any(
        str(header).lower().startswith(f"{HSTS}:")
        for way in ("replace", "add", "append")
        for header in items(plugin.get(f"config.{way}.headers"))
    )


def _origins(plugin: Subject) -> Iterator[Verdict]:
    if plugin.get("plugin") != "cors" or plugin.get("config.credentials") is not True:
        return
    origins = list(items(plugin.get("config.origins")))
    if not origins or any(str(origin) in ("*", ".*", "null") for origin in origins):
        yield Violation(
            "lets every website act for its users: any origin, with credentials",
            "list the origins in config.origins, or set config.credentials to false",
        )


POLICIES: Sequence[Policy] = (
    stack_policy(
        _limited,
        name="route-rate-limited",
        display_name="No caller takes it all",
        description="Every route of the gateway has a rate limit, its own or the gateway's.",
        types=KINDS,
        severity=Severity.HIGH,
        remediation_steps="Name a KongPlugin of rate-limiting in the route's annotation.",
        tags=("gateway", "availability"),
        url="https://developer.konghq.com/plugins/rate-limiting/",
    ),
    stack_policy(
        _authenticated,
        name="route-authenticated",
        display_name="Callers say who they are",
        description="Every route of the gateway checks tokens or keys, or says that it does not.",
        types=KINDS,
        severity=Severity.HIGH,
        remediation_steps=(
            "Name a KongPlugin of jwt or key-auth in the route's annotation; annotate what is for "
            f"everybody with {ANONYMOUS}."
        ),
        tags=("gateway", "identity"),
        url="https://developer.konghq.com/plugins/jwt/",
    ),
    stack_policy(
        _headers,
        name="route-security-headers",
        display_name="Browsers are told to be careful",
        description="Every answer through the gateway carries the security headers.",
        types=KINDS,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Keep the gateway's global security headers; a response-transformer of a route takes "
            "their place, so it must set them again."
        ),
        tags=("gateway", "headers"),
        url="https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html",
    ),
    resource_policy(
        _origins,
        name="cors-origins-named",
        display_name="Websites act for their own users only",
        description="CORS with credentials names its origins.",
        types=(PLUGIN, CLUSTER_PLUGIN),
        severity=Severity.HIGH,
        remediation_steps="List the origins of your own websites, with scheme and host.",
        tags=("gateway", "cors"),
        url="https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/CORS",
    ),
)
