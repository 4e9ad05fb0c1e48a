"""Requests on their way: bounded in time and size, repeated without harm, let in by name."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.gateway import CLUSTER_PLUGIN, KINDS, PLUGIN, outside
from policies.lookup import ByName
from policies.rule import Verdict, Violation, demanded, resource_policy, stack_policy
from policies.subject import Subject, item, items
from policies.workloads import ROUTE, name, namespace, of_the_mesh

SERVER = "kubernetes:policy.linkerd.io/v1beta3:Server"
AUTHORIZATION = "kubernetes:policy.linkerd.io/v1alpha1:AuthorizationPolicy"

RETRIED = ("retry.linkerd.io/http", "retry.linkerd.io/grpc")
RETRY_LIMIT = "retry.linkerd.io/limit"
TIMEOUTS = ("timeout.linkerd.io/request", "timeout.linkerd.io/response")
"""https://linkerd.io/2/reference/retries/ and /timeouts/ (2026-11)"""

IDEMPOTENT = ("DELETE", "GET", "HEAD", "OPTIONS", "PUT", "TRACE")
"""https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2"""

OPEN = ("all-authenticated", "all-unauthenticated", "cluster-unauthenticated", "audit")
"""Access policies of a Linkerd Server that let in more than was declared."""


def _timed(route: Subject) -> Iterator[Verdict]:
    annotations = route.get("metadata.annotations")
    by_mesh = some(opposite(same(item(annotations, key), None)) for key in TIMEOUTS)
    missing = Violation(
        "has a rule whose requests may last for ever",
        "set timeouts.request or timeouts.backendRequest in each rule",
    )
    for rule in items(route.get("spec.rules")):
        # without, it is of a Server: it says who may, and sends nothing on
        sends = some(opposite(same(each, None)) for each in items(item(rule, "backendRefs")))
        timeouts = item(rule, "timeouts")
        own = (opposite(same(item(timeouts, key), None)) for key in ("request", "backendRequest"))
        yield from demanded(some((by_mesh, *own)), missing, of=sends)


def _retried(route: Subject) -> Iterator[Verdict]:
    annotations = route.get("metadata.annotations")
    repeated = some(opposite(same(item(annotations, key), None)) for key in RETRIED)
    if repeated is False:
        return
    limit = item(annotations, RETRY_LIMIT)
    most = route.number("mostRetries")
    few = limit is None or (str(limit).isdigit() and int(str(limit)) <= most)
    many = Violation(f"repeats a request {limit} times", f"set {RETRY_LIMIT} to {most} or less")
    yield from demanded(limit if isinstance(limit, UnknownValueError) else few, many, of=repeated)
    for rule in items(route.get("spec.rules")):
        for match in list(items(item(rule, "matches"))) or [None]:
            method = item(match, "method")
            harmful = Violation(
                f"repeats requests of {method or 'any method'}",
                f"match methods that may be repeated: {', '.join(IDEMPOTENT)}",
            )
            yield from demanded(among(method, IDEMPOTENT), harmful, of=repeated)


def _sized(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    missing = Violation(
        "takes bodies of any size", "name a KongPlugin of request-size-limiting, or make one global"
    )
    for each in outside(stack):
        for verdict in demanded(each.has("request-size-limiting"), missing, of=each.certain):
            yield each.route, verdict


def _expiry(plugin: Subject) -> Iterator[Verdict]:
    claims = items(plugin.get("config.claims_to_verify"))
    missing = Violation("takes tokens that have expired", "list exp in config.claims_to_verify")
    verified = some(same(claim, "exp") for claim in claims)
    yield from demanded(verified, missing, of=same(plugin.get("plugin"), "jwt"))


def _authorized(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    policies = [each for each in stack if each.type == AUTHORIZATION]
    routes = [each for each in stack if each.type == ROUTE]
    admits = _Admissions(policies, routes)
    for server in (each for each in stack if each.type == SERVER):
        access = server.get("spec.accessPolicy")
        opened = Violation(f"lets in {access}", "set spec.accessPolicy to deny, and say who may")
        alone = Violation(
            "lets nobody in by name, so that only a wider rule can",
            "add an AuthorizationPolicy for it that names who may",
        )
        closed = opposite(among(access, OPEN))
        admitted = some(admits.to(server))
        for verdict in (*demanded(closed, opened), *demanded(admitted, alone, of=closed)):
            yield server, verdict
    everybody = Violation("lets in everybody", "name who may in spec.requiredAuthenticationRefs")
    for policy in policies:
        callers = items(policy.get("spec.requiredAuthenticationRefs"))
        named = some(opposite(same(caller, None)) for caller in callers)
        yield from ((policy, verdict) for verdict in demanded(named, everybody))


class _Admissions:
    """Who is let in to what: policies by their target, routes by the Server they are of."""

    def __init__(self, policies: Sequence[Subject], routes: Sequence[Subject]) -> None:
        targets = [(each, each.get("spec.targetRef")) for each in policies]
        self._targets = ByName(
            (namespace(each), item(target, "name"), item(target, "kind"))
            for each, target in targets
        )
        self._wide = ByName(
            (namespace(each), None, same(item(target, "kind"), "Namespace"))
            for each, target in targets
        )
        self._routes = ByName(
            (namespace(route), item(parent, "name"), route)
            for route in routes
            for parent in items(route.get("spec.parentRefs"))
        )

    def to(self, server: Subject) -> Iterator[Answer]:
        """Give whether each policy that may be of a Server lets callers in to it."""
        space = namespace(server)
        yield from (every(each) for each in self._wide.find(space, None))
        for kind, found in self._targets.find(space, name(server)):
            yield every((found, same(kind, "Server")))
        for route, attached in self._routes.find(space, name(server)):
            for kind, found in self._targets.find(namespace(route), name(route)):
                yield every((found, attached, same(kind, "HTTPRoute"), of_the_mesh(route)))


POLICIES: Sequence[Policy] = (
    resource_policy(
        _timed,
        name="route-timeout",
        display_name="No request waits for ever",
        description="Every route that sends requests on has a timeout.",
        types=(ROUTE,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set timeouts in each rule of the gateway's routes, and timeout.linkerd.io/request on "
            "those of the mesh: what hangs otherwise keeps its callers hanging."
        ),
        tags=("gateway", "mesh", "availability"),
        url="https://gateway-api.sigs.k8s.io/guides/http-timeouts/",
    ),
    resource_policy(
        _retried,
        name="retries-harmless",
        display_name="Nothing is done twice",
        description="Retries are few, and only of methods that may be repeated.",
        types=(ROUTE,),
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Match GET, HEAD, OPTIONS, PUT and DELETE in the route with retries, and let another "
            "one without take the rest. Few retries: they multiply from service to service."
        ),
        tags=("mesh", "resilience"),
        url="https://linkerd.io/2/reference/retries/",
        settings={
            "mostRetries": {
                "type": "integer",
                "minimum": 1,
                "default": 3,
                "description": "Most retries of one request.",
            }
        },
    ),
    stack_policy(
        _authorized,
        name="mesh-port-authorized",
        display_name="A port lets in whom it names",
        description="Every Linkerd Server denies by default, and names its callers.",
        types=(SERVER, AUTHORIZATION, ROUTE),
        severity=Severity.HIGH,
        remediation_steps=(
            "Leave spec.accessPolicy at deny and add an AuthorizationPolicy with the service "
            "accounts that may call."
        ),
        tags=("mesh", "identity"),
        url="https://linkerd.io/2/reference/authorization-policy/",
    ),
    stack_policy(
        _sized,
        name="route-size-limited",
        display_name="No body is too large to bear",
        description="Every route of the gateway limits the size of requests.",
        types=KINDS,
        severity=Severity.MEDIUM,
        remediation_steps="Name a KongPlugin of request-size-limiting, or make one global.",
        tags=("gateway", "availability"),
        url="https://developer.konghq.com/plugins/request-size-limiting/",
    ),
    resource_policy(
        _expiry,
        name="token-expiry-verified",
        display_name="A token has an end",
        description="The gateway refuses tokens that have expired.",
        types=(PLUGIN, CLUSTER_PLUGIN),
        severity=Severity.HIGH,
        remediation_steps=(
            "List exp in claims_to_verify; Kong's jwt plugin looks at the signature only, unless "
            "it is told to."
        ),
        tags=("gateway", "identity"),
        url="https://developer.konghq.com/plugins/jwt/",
    ),
)
