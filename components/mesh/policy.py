"""Who may call a workload: a Server for each port, and one authorization for all that may call it.

https://linkerd.io/2-edge/reference/authorization-policy/ (2026-08). Everything here is pure;
`make_policies` creates what it is given.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

import pulumi

from components._base.inside import Inside
from components._base.names import short_name
from components.mesh.resources import Body, Resource, make

LONGEST_NAME = 63
POLICY_GROUP, GATEWAY_GROUP = "policy.linkerd.io", "gateway.networking.k8s.io"

EVERYWHERE = ("0.0.0.0/0",)

ADMIN_PORT_NAME = "linkerd-admin"
"""Name of the port with a proxy's metrics; proxies are injected with it."""


class MeshProtocol(Enum):
    """What is spoken on a port; saying so spares the proxy from guessing."""

    HTTP1 = "HTTP/1"
    HTTP2 = "HTTP/2"
    GRPC = "gRPC"
    OPAQUE = "opaque"
    """Anything that is not HTTP."""
    TLS = "TLS"
    """Encrypted by the application itself."""
    UNKNOWN = "unknown"
    """The proxy finds out, by the first bytes."""


@dataclass(frozen=True)
class Caller:
    """A meshed workload that may call, known by its service account."""

    service_account: str
    namespace: str


@dataclass(frozen=True)
class Network:
    """Whoever is in a network, meshed or not: a load balancer, or the API server."""

    name: str
    """What it is, in a word."""
    cidrs: tuple[str, ...]


@dataclass(frozen=True)
class RouteAccess:
    """A part of a port's HTTP requests with callers of its own."""

    name: str
    path: str
    """All paths that begin with it, in whole segments."""
    methods: tuple[str, ...] = ()
    """None: all."""
    callers: tuple[Caller, ...] = ()
    networks: tuple[Network, ...] = ()


@dataclass(frozen=True)
class PortAccess:
    """A port of a workload, and who may call it: nobody else may."""

    port: int | str
    """Number, or name in the pod."""
    name: str
    """What the port is for, e.g. `http`."""
    protocol: MeshProtocol = MeshProtocol.UNKNOWN
    callers: tuple[Caller, ...] = ()
    """May call all of it, but for what `routes` gives to others."""
    networks: tuple[Network, ...] = ()
    routes: tuple[RouteAccess, ...] = ()
    probe_paths: tuple[str, ...] = ()
    """Paths of the kubelet's probes on this port. Linkerd lets probes through by itself, but no
    more once a port has `routes`."""


@dataclass(frozen=True)
class WorkloadAccess:
    """A workload, and who may call it."""

    name: str
    pod_labels: Mapping[str, str]
    ports: tuple[PortAccess, ...]
    probe_networks: tuple[str, ...] = field(default=EVERYWHERE)
    """CIDRs of the kubelets: those of the VPC."""


def workload_policies(workload: WorkloadAccess) -> list[Resource]:
    """Return all policies of a workload, for its own namespace."""
    return [made for port in workload.ports for made in _port_policies(workload, port)]


def metrics_policies(prometheus: Caller | Network) -> list[Resource]:
    """Return the policies, for any meshed namespace, that let Prometheus read proxies' metrics.

    :param prometheus: its service account when it is meshed, else the network of its pods.
    """
    server = Resource(
        "Server",
        ADMIN_PORT_NAME,
        {"podSelector": {}, "port": ADMIN_PORT_NAME, "proxyProtocol": MeshProtocol.HTTP1.value},
    )
    target = _reference(POLICY_GROUP, "Server", ADMIN_PORT_NAME)
    meshed = isinstance(prometheus, Caller)
    return [
        server,
        *_allowed(
            ADMIN_PORT_NAME,
            target,
            callers=(prometheus,) if meshed else (),
            networks=() if meshed else (prometheus,),
        ),
    ]


def make_policies(
    inside: Inside,
    policies: Sequence[Resource],
    *,
    namespace: pulumi.Input[str],
    depends_on: Sequence[pulumi.Resource] = (),
) -> list[pulumi.Resource]:
    """Create policies.

    :param depends_on: the mesh, unless `namespace` is one of its outputs: Linkerd checks them.
    """
    return [make(inside, policy, namespace=namespace, depends_on=depends_on) for policy in policies]


def _port_policies(workload: WorkloadAccess, port: PortAccess) -> list[Resource]:
    name = _name(workload.name, port.name)
    spec = {
        "podSelector": {"matchLabels": dict(workload.pod_labels)},
        "port": port.port,
        "proxyProtocol": port.protocol.value,
        # Also where the mesh's own default is another.
        "accessPolicy": "deny",
    }
    server = _reference(POLICY_GROUP, "Server", name)
    made = [Resource("Server", name, spec)]
    if not port.routes:
        return [*made, *_allowed(name, server, port.callers, port.networks)]
    for part in _merged(_parts(workload, port)):
        own = _name(name, part.name)
        target = _reference(GATEWAY_GROUP, "HTTPRoute", own)
        made.append(_route(own, name, part.matches))
        made += _allowed(own, target, part.callers, part.networks)
    return made


@dataclass(frozen=True)
class _Part:
    """Some of a port's requests, and whose they are."""

    name: str
    matches: tuple[Body, ...]
    callers: tuple[Caller, ...] = ()
    networks: tuple[Network, ...] = ()

    @property
    def allowed(self) -> tuple[object, ...]:
        """Who may send them: equal for those that the same may."""
        return self.callers, tuple(cidr for who in self.networks for cidr in who.cidrs)


def _parts(workload: WorkloadAccess, port: PortAccess) -> Iterator[_Part]:
    """Give all parts of a port with routes.

    Once there is a route, a request that matches none is refused: the port's own callers and the
    probes get routes too.
    """
    rest = RouteAccess("rest", "/", callers=port.callers, networks=port.networks)
    for route in (*port.routes, rest):
        path = {"type": "PathPrefix", "value": route.path}
        of_methods = [{"path": path, "method": method} for method in route.methods]
        matches = tuple(of_methods or [{"path": path}])
        yield _Part(route.name, matches, route.callers, route.networks)
    if port.probe_paths:
        # Kubelets are in no mesh; they get at the probes, and at nothing else.
        probes = tuple(
            {"path": {"type": "Exact", "value": path}, "method": "GET"} for path in port.probe_paths
        )
        kubelets = (Network("kubelet", workload.probe_networks),)
        yield _Part("probes", probes, networks=kubelets)


def _merged(parts: Iterable[_Part]) -> list[_Part]:
    """Return those that the same may send as one, for each is three objects in a cluster."""
    found: dict[tuple[object, ...], _Part] = {}
    for part in parts:
        first = found.get(part.allowed)
        found[part.allowed] = part if first is None else _together(first, part)
    return list(found.values())


def _together(one: _Part, other: _Part) -> _Part:
    matches = (*one.matches, *other.matches)
    return replace(one, name=f"{one.name}-{other.name}", matches=matches)


def _route(name: str, server: str, matches: Sequence[Body]) -> Resource:
    spec = {
        "parentRefs": [_reference(POLICY_GROUP, "Server", server)],
        "rules": [{"matches": list(matches)}],
    }
    return Resource("HTTPRoute", name, spec)


def _allowed(
    prefix: str,
    target: Mapping[str, str],
    callers: Sequence[Caller] = (),
    networks: Sequence[Network] = (),
) -> list[Resource]:
    """Authorize whoever may call `target`: any of the callers, and any of the networks.

    One authorization for each way to tell who calls, however many may: a stack has hundreds of
    services, and another caller is an update of one list.
    """
    made: list[Resource] = []
    if callers:
        identities = {"identityRefs": [_identity(caller) for caller in callers]}
        made += _authorization(f"{prefix}-callers", target, "MeshTLSAuthentication", identities)
    if networks:
        cidrs = {"networks": [{"cidr": cidr} for who in networks for cidr in who.cidrs]}
        made += _authorization(f"{prefix}-networks", target, "NetworkAuthentication", cidrs)
    return made


def _authorization(
    label: str, target: Mapping[str, str], kind: str, who: Body
) -> tuple[Resource, Resource]:
    name = _name(label)
    rule = {
        "targetRef": target,
        "requiredAuthenticationRefs": [_reference(POLICY_GROUP, kind, name)],
    }
    return Resource(kind, name, who), Resource("AuthorizationPolicy", name, rule)


def _identity(caller: Caller) -> Body:
    return {
        "kind": "ServiceAccount",
        "name": caller.service_account,
        "namespace": caller.namespace,
    }


def _reference(group: str, kind: str, name: str) -> Mapping[str, str]:
    return {"group": group, "kind": kind, "name": name}


def _name(*parts: str) -> str:
    return short_name("-".join(parts), LONGEST_NAME)
