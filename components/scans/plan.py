"""What a `SecurityScans` will make, computed before anything is made."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem, nearest
from components._base.names import check_name
from components._base.spec import read_spec
from components.scans.args import ScanFrequency, ScanMethods, SecurityScansArgs
from components.scans.spec import SecurityScansSpec
from components.service.values import NAME

NAMESPACE = "scans"
"""Where scans run: outside the mesh, as their requests come from outside."""

SUNDAY = "0"


@dataclass(frozen=True)
class ScansPlan:
    """All scans of a stack."""

    name: str
    spec: SecurityScansSpec
    args: SecurityScansArgs

    @property
    def services(self) -> tuple[str, ...]:
        """Names of the services that are scanned."""
        return tuple(sorted(self.args["targets"]))

    @property
    def given(self) -> dict[str, object]:
        """What of the spec was given, for the component's own record of its inputs."""
        return self.spec.model_dump(mode="json", exclude_unset=True)

    @property
    def protect(self) -> bool:
        """Whether reports may not be deleted."""
        return bool(self.args.get("protect"))

    def schedule(self, service: str) -> str:
        """Return when a service is scanned: not all in the same minute."""
        minute = int(hashlib.sha256(service.encode()).hexdigest(), 16) % 60
        day = SUNDAY if self.spec.frequency is ScanFrequency.WEEKLY else "*"
        return f"{minute} {self.spec.hour} * * {day}"


def plan_scans(args: SecurityScansArgs, name: str = "scans") -> ScansPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"SecurityScans {name!r}"
    check_name(name, owner)
    plan = ScansPlan(name, read_spec(SecurityScansSpec, SecurityScansArgs, args, owner), args)
    problems = [
        *_target_problems(plan),
        *scan_problems(plan.spec, args.get("environment", ""), services=plan.services),
    ]
    if plan.spec.client is not None:
        problems += [
            Problem(key, "is needed by client")
            for key in ("client_secret_arn", "secret_store")
            if args.get(key) is None
        ]
    if problems:
        raise InvalidInput(owner, problems)
    return plan


def _target_problems(plan: ScansPlan) -> Iterator[Problem]:
    if not plan.args["targets"]:
        yield Problem("targets", "one service or more is needed")
    for service in plan.services:
        if not NAME.fullmatch(service):
            reason = "small letters, digits and hyphens are needed, at most 40, a letter first"
            yield Problem(f"targets.{service}", reason)


def scan_problems(
    spec: SecurityScansSpec,
    environment: str,
    *,
    services: Collection[str],
    clients: Collection[str] | None = None,
) -> Iterator[Problem]:
    """Give what is wrong with scans in a stack.

    :param environment: what the stack is for.
    :param services: names of the services that are scanned.
    :param clients: names of the identity's machine clients; None: not known.
    """
    allowed = ", ".join(spec.active_environments) or "none"
    risky = {"active": spec.active, "methods": spec.methods is ScanMethods.ALL}
    for key, wanted in risky.items():
        if wanted and environment not in spec.active_environments:
            reason = f"not in environment {environment!r}; allowed in: {allowed}"
            yield Problem(key, reason)
    for index, entry in enumerate(spec.ignored):
        if entry.service is not None and entry.service not in services:
            reason = f"{entry.service!r} is not scanned; {nearest(entry.service, services)}"
            yield Problem(f"ignored[{index}].service", reason)
    if spec.client is not None and clients is not None and spec.client not in clients:
        reason = f"there is no machine client {spec.client!r}; {nearest(spec.client, clients)}"
        yield Problem("client", reason)
