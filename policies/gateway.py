"""The gateway: what each route to the outside must have, and what no plugin may say."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.lookup import ByName
from policies.rule import Verdict, Violation, demanded, resource_policy, stack_policy
from policies.subject import Subject, item, items
from policies.workloads import ROUTE, name, namespace, of_the_mesh

PLUGIN = "kubernetes:configuration.konghq.com/v1:KongPlugin"
CLUSTER_PLUGIN = "kubernetes:configuration.konghq.com/v1:KongClusterPlugin"
KINDS = (ROUTE, PLUGIN, CLUSTER_PLUGIN)

NAMED = "konghq.com/plugins"
ANONYMOUS = "fastapi-platform/anonymous"
"""Annotation of a route, `true`: its callers need not say who they are."""

LIMITS = ("rate-limiting", "rate-limiting-advanced")
AUTHENTICATION = ("jwt", "key-auth", "oauth2", "openid-connect", "basic-auth", "mtls-auth")
HEADERS = "response-transformer"
ANY_ORIGIN = ("*", ".*", "null")
HSTS = "strict-transport-security"


Had = tuple[Subject, Answer]
"""A plugin that a route may have, and whether it does."""


@dataclass(frozen=True)
class Routed:
    """A route, and the plugins that it may get."""

    route: Subject
    certain: Answer
    """Whether it leads to the outside at all: never no."""
    named: Sequence[Had]
    """Those that it may name itself."""
    everywhere: Sequence[Had]
    """Those that every route may have."""
    unknown: UnknownValueError | None = None
    """Which plugins it names is not known yet."""

    def has(self, *kinds: str) -> Answer:
        """Tell whether the route has a plugin of one of some kinds."""
        plugins = (*self.named, *self.everywhere)
        return some((*_of_kinds(plugins, kinds), self.unknown or False))


def _of_kinds(plugins: Iterable[Had], kinds: Sequence[str]) -> Iterator[Answer]:
    for plugin, had in plugins:
        yield every((had, _works(plugin), among(plugin.get("plugin"), kinds)))


def _works(plugin: Subject) -> Answer:
    return opposite(same(plugin.get("disabled"), True))


class Plugins:
    """The plugins of a stack, by the names by which they are found."""

    def __init__(self, stack: Sequence[Subject]) -> None:
        self.all = [each for each in stack if each.type in (PLUGIN, CLUSTER_PLUGIN)]
        self._own = ByName((namespace(p), name(p), p) for p in self.all if p.type == PLUGIN)
        self._shared = ByName((None, name(p), p) for p in self.all if p.type == CLUSTER_PLUGIN)

    def everywhere(self) -> list[Had]:
        """Return those that every route may have, and whether it does."""
        found = [(each, is_global(each)) for each in self.all]
        return [(each, answer) for each, answer in found if answer is not False]

    def meant(self, reference: str, user: Subject) -> list[Had]:
        """Return those that a reference may mean, and whether it does.

        A KongPlugin of the namespace comes before a KongClusterPlugin of that name,
        https://developer.konghq.com/kubernetes-ingress-controller/custom-resources/ (2026-11).
        """
        *spaces, called = (part.strip() for part in reference.split(":"))
        own = list(self._own.find(spaces[0] if spaces else namespace(user), called))
        if spaces or any(answer is True for _, answer in own):
            return own
        return [*own, *self._shared.find(None, called)]


def outside(stack: Sequence[Subject]) -> Iterator[Routed]:
    """Give the routes to the outside, each with its plugins."""
    plugins = Plugins(stack)
    everywhere = plugins.everywhere()
    for route in stack:
        inside = of_the_mesh(route) if route.type == ROUTE else True
        if inside is True:
            continue
        names = item(route.get("metadata.annotations"), NAMED)
        unknown = names if isinstance(names, UnknownValueError) else None
        named = [had for each in references(names) for had in plugins.meant(each, route)]
        yield Routed(route, opposite(inside), named, everywhere, unknown)


def is_global(plugin: Subject) -> Answer:
    """Tell whether a plugin is of every route."""
    label = item(plugin.get("metadata.labels"), "global")
    return every((plugin.type == CLUSTER_PLUGIN, same(label, "true")))


def references(names: object) -> Sequence[str]:
    """Return what an annotation names: plugins, or plugins of a namespace as `namespace:name`."""
    listed = names.split(",") if isinstance(names, str) else ()
    return [each.strip() for each in listed if each.strip()]


def _limited(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    missing = Violation(
        "has no rate limit", "name a KongPlugin of rate-limiting, or make one global"
    )
    for each in outside(stack):
        for verdict in demanded(each.has(*LIMITS), missing, of=each.certain):
            yield each.route, verdict


def _authenticated(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    missing = Violation(
        "lets everybody in",
        f"name a KongPlugin of jwt or key-auth, or annotate it with {ANONYMOUS}: "
        '"true" if that is meant',
    )
    for each in outside(stack):
        anonymous = same(item(each.route.get("metadata.annotations"), ANONYMOUS), "true")
        answer = some((anonymous, each.has(*AUTHENTICATION)))
        for verdict in demanded(answer, missing, of=each.certain):
            yield each.route, verdict


def _headers(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    missing = Violation(
        "sends no security headers",
        f"let its KongPlugin of {HEADERS}, or a global one, set {HSTS} and the others",
    )
    for each in outside(stack):
        for verdict in demanded(_sends(each), missing, of=each.certain):
            yield each.route, verdict


def _sends(routed: Routed) -> Answer:
    """Tell whether the headers are set: a plugin of the route takes the place of the global one."""
    own = some((*_of_kinds(routed.named, [HEADERS]), routed.unknown or False))
    if own is True:
        return _sets(routed.named)
    return _sets(routed.everywhere) if own is False else own


def _sets(plugins: Sequence[Had]) -> Answer:
    changing = zip(plugins, _of_kinds(plugins, [HEADERS]), strict=True)
    return some(every((is_one, _sets_hsts(plugin))) for (plugin, _), is_one in changing)


def _sets_hsts(plugin: Subject) -> Answer:
    return some(
        header
        if isinstance(header, UnknownValueError)
        else str(header).lower().startswith(f"{HSTS}:")
        for way in ("replace", "add", "append")
        for header in items(plugin.get(f"config.{way}.headers"))
    )


def _origins(plugin: Subject) -> Iterator[Verdict]:
    origins = list(items(plugin.get("config.origins")))
    named = every((bool(origins), *(opposite(among(each, ANY_ORIGIN)) for each in origins)))
    trusted = (
        same(plugin.get("plugin"), "cors"),
        same(plugin.get("config.credentials"), True),
    )
    missing = Violation(
        "lets every website act for its users: any origin, with credentials",
        "list the origins in config.origins, or set config.credentials to false",
    )
    yield from demanded(named, missing, of=every(trusted))


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
