"""What containers may do and have: users, privileges, the host, images, resources, probes."""

import re
from collections.abc import Iterator, Sequence

from pulumi_policy import Policy, Severity

from policies.needs import Need, includes, is_set, is_true, off, one_of, table
from policies.pods import CONTROLLERS, containers, needs
from policies.rule import resource_policy

PSS = "https://kubernetes.io/docs/concepts/security/pod-security-standards/"

IMAGE = re.compile(r"(?P<path>[^@]+?)(:(?P<tag>[\w][\w.-]*))?(@sha256:(?P<digest>[0-9a-f]{64}))?")
"""A registry's port has a slash after it, so it is never taken for a tag."""


def _pinned(content: object) -> str | None:
    """Accept an image with a digest, or with a tag that says which version it is."""
    if not isinstance(content, str):
        return "is not set"
    found = IMAGE.fullmatch(content)
    if found and (found["digest"] or (found["tag"] and found["tag"] != "latest")):
        return None
    return "names no version"


def _absent(content: object) -> str | None:
    return None if content is None else "is set"


def _confined(pod: str) -> Iterator[Need]:
    """Demand Kubernetes' level `restricted`, and a file system that nobody writes to."""
    of_pod = f"{pod}.securityContext"
    for each in containers(pod):
        own = f"{each}.securityContext"
        yield Need(
            f"{own}.runAsNonRoot",
            is_true,
            f"set runAsNonRoot to true in {of_pod}",
            unless=Need(f"{of_pod}.runAsNonRoot", is_true, ""),
        )
        yield Need(
            f"{own}.seccompProfile.type",
            one_of("RuntimeDefault", "Localhost"),
            f"set seccompProfile.type to RuntimeDefault in {of_pod}",
            unless=Need(f"{of_pod}.seccompProfile.type", one_of("RuntimeDefault", "Localhost"), ""),
        )
        yield off(f"{own}.allowPrivilegeEscalation", default=None)
        yield Need(
            f"{own}.capabilities.drop",
            includes("ALL"),
            'set capabilities.drop to ["ALL"], and add the few that are needed',
        )
        yield Need(
            f"{own}.readOnlyRootFilesystem",
            is_true,
            "set readOnlyRootFilesystem to true, and mount an emptyDir where files are written",
        )


def _apart(pod: str) -> Iterator[Need]:
    """Refuse all that gives a pod the node."""
    for each in containers(pod):
        yield off(f"{each}.securityContext.privileged")
    for sharing in ("hostNetwork", "hostPID", "hostIPC"):
        yield off(f"{pod}.{sharing}")
    yield Need(f"{pod}.volumes[].hostPath", _absent, "mount no folder of the node")


def _sized(pod: str) -> Iterator[Need]:
    for each in containers(pod):
        for path in ("requests.cpu", "requests.memory", "limits.memory"):
            whole = f"{each}.resources.{path}"
            yield Need(whole, is_set, f"set resources.{path} to what the container needs")


def _probed(pod: str) -> Iterator[Need]:
    for probe in ("readinessProbe", "livenessProbe"):
        path = f"{pod}.containers[].{probe}"
        yield Need(path, is_set, f"give each container a {probe}")


def _versioned(pod: str) -> Iterator[Need]:
    for each in containers(pod):
        yield Need(
            f"{each}.image", _pinned, "name a digest, or a tag other than latest that never moves"
        )


CONFINED = needs(lambda pod: tuple(_confined(pod)))
APART = needs(lambda pod: tuple(_apart(pod)))
SIZED = needs(lambda pod: tuple(_sized(pod)))
PROBED = needs(lambda pod: tuple(_probed(pod)), CONTROLLERS)
VERSIONED = needs(lambda pod: tuple(_versioned(pod)))

POLICIES: Sequence[Policy] = (
    resource_policy(
        table(APART),
        name="no-host-access",
        display_name="Pods are apart from their node",
        description="No container is privileged, or shares a namespace or a folder of its node.",
        types=APART,
        severity=Severity.CRITICAL,
        remediation_steps=(
            "Take privileged, hostNetwork, hostPID, hostIPC and hostPath volumes out: whoever has "
            "such a container has the node, and every pod's credentials on it."
        ),
        tags=("kubernetes", "isolation"),
        url=f"{PSS}#baseline",
    ),
    resource_policy(
        table(CONFINED),
        name="container-confined",
        display_name="Containers have no rights to lose",
        description=(
            "Containers run as a user without privileges, capabilities and a writable file system."
        ),
        types=CONFINED,
        severity=Severity.HIGH,
        remediation_steps=(
            "Set runAsNonRoot, a seccomp profile, allowPrivilegeEscalation false, capabilities.drop"
            " ALL and readOnlyRootFilesystem; give what writes files an emptyDir at /tmp."
        ),
        tags=("kubernetes", "isolation"),
        url=f"{PSS}#restricted",
    ),
    resource_policy(
        table(VERSIONED),
        name="image-versioned",
        display_name="It is known what runs",
        description="Images are named by a digest, or by a tag that says the version.",
        types=VERSIONED,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Name the image by its digest, or by a tag of a repository with immutable tags: of "
            "`latest`, two pods may run two versions, and there is no way back."
        ),
        tags=("kubernetes", "supply-chain"),
        url="https://kubernetes.io/docs/concepts/containers/images/#image-names",
    ),
    resource_policy(
        table(SIZED),
        name="container-resources",
        display_name="Containers have room, and keep to it",
        description="Containers request CPU and memory, and have a limit of memory.",
        types=SIZED,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Set resources.requests.cpu, requests.memory and limits.memory. Without requests, "
            "autoscaling has nothing to go by; without a limit, one leak takes the node down. A "
            "limit of CPU only slows a service that could use idle cores."
        ),
        tags=("kubernetes", "scaling"),
        url="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
    ),
    resource_policy(
        table(PROBED),
        name="container-probes",
        display_name="Traffic goes to what can answer",
        description="Containers that keep running have probes of readiness and liveness.",
        types=PROBED,
        severity=Severity.MEDIUM,
        remediation_steps=(
            "Give each container a readinessProbe, which tells whether to send it requests, and a "
            "livenessProbe, which tells whether to restart it. They must not be the same check: a "
            "store that is down is no reason to restart a service."
        ),
        tags=("kubernetes", "availability"),
        url="https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/",
    ),
)
