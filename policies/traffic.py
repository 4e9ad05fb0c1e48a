"""Requests on their way: bounded in time and size, repeated without harm, let in by name."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.gateway import CLUSTER_PLUGIN, KINDS, PLUGIN, outside
from policies.rule import Verdict, Violation, resource_policy, stack_policy
from policies.subject import Subject, item, items
from policies.workloads import ROUTE, name, namespace, of_the_mesh, same

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
    if any(item(annotations, key) is not None for key in TIMEOUTS):
        return
    for rule in items(route.get("spec.rules")):
        if not any(True for _ in items(item(rule, "backendRefs"))):
            continue  # of a Server: it says who may, and sends nothing on
        timeouts = item(rule, "timeouts")
        if isinstance(timeouts, UnknownValueError):
            yield timeouts
        elif item(timeouts, "request") is None and item(timeouts, "backendRequest") is None:
            yield Violation(
                "has a rule whose requests may last for ever",
                "set timeouts.request or timeouts.backendRequest in each rule",
            )


def _retried(route: Subject) -> Iterator[Verdict]:
    annotations = route.get("metadata.annotations")
    retries = [item(annotations, key) for key in RETRIED]
    if retries == [None, None]:
        return
    limit = item(annotations, RETRY_LIMIT)
    most = route.number("mostRetries")
    if isinstance(limit, UnknownValueError):
        yield limit
    elif limit is not None and (not str(limit).isdigit() or int(str(limit)) > most):
        yield Violation(f"repeats a request {limit} times", f"set {RETRY_LIMIT} to {most} or less")
    for rule in items(route.get("spec.rules")):
        methods = [item(match, "method") for match in items(item(rule, "matches"))] or [None]
        for method in methods:
            if isinstance(method, UnknownValueError):
                yield method
            elif method not in IDEMPOTENT:
                yield Violation(
                    f"repeats requests of {method or 'any method'}",
                    f"match methods that may be repeated: {', '.join(IDEMPOTENT)}",
                )


def _sized(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    for each in outside(stack):
        if "request-size-limiting" not in each.kinds():
            yield (
                each.route,
                each.unknown
                or Violation(
                    "takes bodies of any size",
                    "name a KongPlugin of request-size-limiting, or make one global",
                ),
            )


def _expiry(plugin: Subject) -> Iterator[Verdict]:
    if plugin.get("plugin") != "jwt":
        return
    claims = plugin.get("config.claims_to_verify")
    if isinstance(claims, UnknownValueError):
        yield claims
    elif "exp" not in list(items(claims)):
        yield Violation("takes tokens that have expired", "list exp in config.claims_to_verify")


def _authorized(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    policies = [each for each in stack if each.type == AUTHORIZATION]
    for server in (each for each in stack if each.type == SERVER):
        access = server.get("spec.accessPolicy")
        targets = {("Server", name(server))} | {
            ("HTTPRoute", name(route))
            for route in stack
            if route.type == ROUTE
            and of_the_mesh(route)
            and any(same(item(parent, "name"), name(server)) for parent in _parents(route))
        }
        if isinstance(access, UnknownValueError):
            yield server, access
        elif access in OPEN:
            yield (
                server,
                Violation(f"lets in {access}", "set spec.accessPolicy to deny, and say who may"),
            )
        elif not any(_admits(policy, server, targets) for policy in policies):
            yield (
                server,
                Violation(
                    "lets nobody in by name, so that only a wider rule can",
                    "add an AuthorizationPolicy for it that names who may",
                ),
            )
    for policy in policies:
        if not any(True for _ in items(policy.get("spec.requiredAuthenticationRefs"))):
            yield (
                policy,
                Violation("lets in everybody", "name who may in spec.requiredAuthenticationRefs"),
            )


def _parents(route: Subject) -> Iterator[object]:
    yield from items(route.get("spec.parentRefs"))


def _admits(policy: Subject, server: Subject, targets: set[tuple[str, object]]) -> bool:
    target = policy.get("spec.targetRef")
    kind, called = item(target, "kind"), item(target, "name")
    if not same(namespace(policy), namespace(server)):
        return False
    return kind == "Namespace" or any(kind == k and same(called, n) for k, n in targets)


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
