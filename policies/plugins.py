"""Plugins of the gateway: Kong has their code, each that is named is there, and is named."""

from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity
from pulumi_policy.proxy import UnknownValueError

from policies.certainty import Answer, among, every, opposite, same, some
from policies.gateway import CLUSTER_PLUGIN, NAMED, PLUGIN, Plugins, is_global, references
from policies.rule import Setting, Verdict, Violation, demanded, stack_policy
from policies.subject import Subject, item, items
from policies.workloads import ROUTE, SERVICE

RELEASE = "kubernetes:helm.sh/v3:Release"

_KONG = "kubernetes:configuration.konghq.com"
USERS = (
    *(ROUTE, SERVICE, "kubernetes:networking.k8s.io/v1:Ingress"),
    *(f"kubernetes:gateway.networking.k8s.io/v1{v}Route" for v in (":GRPC", "alpha2:TCP")),
    *(f"{_KONG}/{kind}" for kind in ("v1:KongConsumer", "v1beta1:KongConsumerGroup")),
)
"""What names plugins in an annotation."""

BUNDLED = (
    *("acl", "acme", "ai-prompt-decorator", "ai-prompt-guard", "ai-prompt-template", "ai-proxy"),
    *("ai-request-transformer", "ai-response-transformer", "aws-lambda", "azure-functions"),
    *("basic-auth", "bot-detection", "correlation-id", "cors", "datadog", "file-log"),
    *("grpc-gateway", "grpc-web", "hmac-auth", "http-log", "ip-restriction", "jwt", "key-auth"),
    *("ldap-auth", "loggly", "oauth2", "opentelemetry", "post-function", "pre-function"),
    *("prometheus", "proxy-cache", "rate-limiting", "redirect", "request-size-limiting"),
    *("request-termination", "request-transformer", "response-ratelimiting"),
    *("response-transformer", "session", "standard-webhooks", "statsd", "syslog", "tcp-log"),
    *("udp-log", "zipkin"),
)
"""What the open-source gateway comes with,
https://github.com/Kong/kong/blob/master/kong/constants.lua (3.10, 2026-07)."""


def _loaded(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    plugins = [each for each in stack if each.type in (PLUGIN, CLUSTER_PLUGIN)]
    told = [each for release in stack for each in _told(release)]
    doubts = [each for each in told if isinstance(each, UnknownValueError)]
    lists = [each for each in told if not isinstance(each, UnknownValueError)]
    if not told:
        lists = [("bundled",)]
    for plugin in plugins:
        kind, bundled = plugin.get("plugin"), plugin.texts("plugins")
        loaded = [(*each, *bundled) if "bundled" in each else each for each in lists]
        missing = Violation(
            f"is of the kind {kind}, which the gateway does not load",
            "correct the name, or load the plugin's code (env.plugins of the chart's values)",
        )
        loads = some((*(among(kind, each) for each in loaded), *doubts))
        yield from ((plugin, verdict) for verdict in demanded(loads, missing))


def _told(release: Subject) -> Iterator[Sequence[str] | UnknownValueError]:
    """Give what releases of Kong's charts say that is loaded."""
    chart = release.get("chart") if release.type == RELEASE else None
    if str(chart).rpartition("/")[2] not in ("kong", "ingress"):
        return
    values = release.get("values")
    for holder in (values, item(values, "gateway")):
        listed = item(item(holder, "env"), "plugins")
        if isinstance(listed, UnknownValueError):
            yield listed
        elif isinstance(listed, str):
            yield references(listed)


def _there(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    plugins = Plugins(stack)
    for user in stack:
        for reference in _named(user) if user.type in USERS else ():
            if isinstance(reference, UnknownValueError):
                yield user, reference
                continue
            found = some(answer for _, answer in plugins.meant(reference, user))
            elsewhere = reference in user.texts("elsewhere")
            missing = Violation(
                f"names the plugin {reference}, which there is not",
                "correct the name, or make a KongPlugin in its namespace or a KongClusterPlugin",
            )
            yield from ((user, verdict) for verdict in demanded(some((found, elsewhere)), missing))


def _named(user: Subject) -> Iterator[str | UnknownValueError]:
    """Give the plugins that an object names, in its annotation or in a route's filters."""
    names = item(user.get("metadata.annotations"), NAMED)
    if isinstance(names, UnknownValueError):
        yield names
    yield from references(names)
    for rule in items(user.get("spec.rules")) if user.type == ROUTE else ():
        for extension in items(item(rule, "filters")):
            reference = item(extension, "extensionRef")
            name = item(reference, "name")
            if isinstance(name, UnknownValueError):
                yield name
            elif name is not None and item(reference, "kind") == "KongPlugin":
                yield str(name)


def _unused(stack: Sequence[Subject]) -> Iterator[tuple[Subject, Verdict]]:
    plugins = Plugins(stack)
    uses: dict[int, list[Answer]] = {}
    doubts: list[UnknownValueError] = []
    for user in stack:
        for reference in _named(user) if user.type in USERS else ():
            if isinstance(reference, UnknownValueError):
                doubts.append(reference)
                continue
            for plugin, answer in plugins.meant(reference, user):
                uses.setdefault(id(plugin), []).append(answer)
    missing = Violation(
        "is named by nothing, so that it does nothing",
        f"name it in the annotation {NAMED} of what it is for, or take it away",
    )
    for plugin in plugins.all:
        elsewhere = among(plugin.get("metadata.name"), plugin.texts("elsewhere"))
        idle = every((opposite(same(plugin.get("disabled"), True)), opposite(is_global(plugin))))
        used = some((*uses.get(id(plugin), ()), elsewhere, *doubts[:1]))
        yield from ((plugin, verdict) for verdict in demanded(used, missing, of=idle))


def _elsewhere(what: str) -> dict[str, Setting]:
    names: Setting = {"type": "string", "minLength": 1}
    return {"elsewhere": {"type": "array", "items": names, "default": [], "description": what}}


POLICIES: Sequence[Policy] = (
    stack_policy(
        _loaded,
        name="plugin-loaded",
        display_name="The gateway has the code of its plugins",
        description="KongPlugins are of kinds that the gateway loads.",
        types=(PLUGIN, CLUSTER_PLUGIN, RELEASE),
        severity=Severity.HIGH,
        remediation_steps=(
            "Correct the plugin's kind. Kong refuses a configuration with a kind that it does not "
            "know, as a whole: from then on no change of any route comes through."
        ),
        tags=("gateway",),
        url="https://developer.konghq.com/plugins/",
        settings={
            "plugins": {
                "type": "array",
                "items": {"type": "string", "minLength": 1},
                "default": list(BUNDLED),
                "description": (
                    "Kinds that the gateway loads where no release of Kong's charts in the stack "
                    "says so, and what 'bundled' means there."
                ),
            }
        },
    ),
    stack_policy(
        _there,
        name="plugin-exists",
        display_name="No route relies on a plugin that there is not",
        description="Plugins that routes, services and consumers name are in the stack.",
        types=(*USERS, PLUGIN, CLUSTER_PLUGIN),
        severity=Severity.HIGH,
        remediation_steps=(
            "Correct the name in the annotation or the filter, or make the plugin in the same "
            "namespace: what was to limit or authenticate does nothing until then."
        ),
        tags=("gateway",),
        url="https://developer.konghq.com/kubernetes-ingress-controller/reference/annotations/",
        settings=_elsewhere("Plugins that are made by another stack, as they are named here."),
    ),
    stack_policy(
        _unused,
        name="plugin-used",
        display_name="A plugin is there for something",
        description="Every KongPlugin is global, or named by a route, a service or a consumer.",
        types=(*USERS, PLUGIN, CLUSTER_PLUGIN),
        severity=Severity.LOW,
        remediation_steps=(
            "Name the plugin where it was meant to be, or take it away: who reads the stack takes "
            "it for a protection that there is."
        ),
        tags=("gateway",),
        url="https://developer.konghq.com/kubernetes-ingress-controller/reference/annotations/",
        settings=_elsewhere("Names of plugins that another stack uses."),
    ),
)
