"""Collects a report: one deployment to a simulated cloud that is made for it and thrown away.

Only a deployment tells every id, so that the views can follow references and the policies decide
everything; it takes as long as a preview, and touches nothing of the stack's own embedded cloud.
"""

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pulumi.automation.events import EngineEvent, PolicyEvent

from simulator.cloud.model import Json
from simulator.errors import Exit, SimulatorError
from simulator.record import RunRecord, plain
from simulator.report.model import Finding, Report, Resource
from simulator.report.values import leaves, mapping, sequence, texts
from simulator.session import Session
from simulator.state import masked
from simulator.timeline import timeline
from stacks.loading import DIRECTORY

_ID = re.compile(r"(sg|subnet|vpc|eni|rtb)-[0-9a-f]{8,}")


def collect(stack: str, engine: Path, *, stack_files: Path = DIRECTORY) -> Report:
    """Deploy `stack` to a cloud of its own and return what there is then.

    A stack that the policies refuse gets its report too, with what they say.

    :param engine: the Pulumi CLI.
    :raises InvalidInput: when the stack file is wrong.
    :raises SimulatorError: when the deployment fails for another reason than a policy.
    """
    record = RunRecord()

    def note(event: EngineEvent) -> None:
        if event.policy_event:
            record.add(event)

    with (
        tempfile.TemporaryDirectory(prefix="report-") as home,
        Session.open(stack, engine, home=Path(home), stack_files=stack_files) as session,
    ):
        try:
            session.up(note)
        except SimulatorError as error:
            if error.code != Exit.REFUSED:
                raise
            session.policies = ()
            session.up()
        return from_state(session.state(), record, stack=stack, region=session.settings.region)


def from_state(
    deployment: Mapping[str, object], record: RunRecord, *, stack: str, region: str
) -> Report:
    """Read an exported deployment."""
    exported = [mapping(item) for item in sequence(deployment.get("resources"))]
    found = [
        Finding(p.policy_name, p.enforcement_level, p.resource_urn or "", _said(p))
        for p in [*record.mandatory_violations(), *record.advisories()]
    ]
    return Report(
        stack=stack,
        region=region,
        made=datetime.now(tz=UTC).date().isoformat(),
        resources=tuple(_with_own_handles([_resource(item) for item in exported])),
        findings=tuple(dict.fromkeys(found)),
        timeline=timeline(deployment),
    )


def _said(event: PolicyEvent) -> str:
    """Return what a policy says, without the description that the engine puts before it."""
    text = " ".join(plain(event.message).split())
    return text.partition(f"{event.policy_name}: ")[2] or text


def _resource(exported: Json) -> Resource:
    inputs, outputs = mapping(masked(exported.get("inputs"))), mapping(exported.get("outputs"))
    dependencies = dict.fromkeys(texts(exported.get("dependencies")))
    for urns in mapping(exported.get("propertyDependencies")).values():
        dependencies.update(dict.fromkeys(texts(urns)))
    provider = str(exported.get("provider") or "").rsplit("::", 1)[0]
    if provider:
        dependencies[provider] = None
    return Resource(
        urn=str(exported["urn"]),
        type=str(exported["type"]),
        parent=str(exported.get("parent") or ""),
        inputs={key: value for key, value in inputs.items() if key != "__internal"},
        dependencies=tuple(dependencies),
        handles=tuple(_handles(exported, outputs)) if exported.get("custom") else (),
    )


def _handles(exported: Json, outputs: Json) -> Iterator[str]:
    """Yield what others may call it; ids that came along are sorted out once all are known."""
    seen: set[str] = set()
    if str(exported["type"]).startswith("pulumi:"):
        return
    named = (exported.get("id"), outputs.get("arn"), outputs.get("name"))
    referred = set(leaves(exported.get("inputs")))
    along = (text for text in leaves(outputs) if _ID.fullmatch(text) and text not in referred)
    for text in [*named, *along]:
        # a handle without a digit is a word, which other texts may contain by chance
        if isinstance(text, str) and re.search(r"\d", text) and len(text) > 6 and text not in seen:
            seen.add(text)
            yield text


def _with_own_handles(resources: Sequence[Resource]) -> Iterator[Resource]:
    """Keep of each id the owner: who has it as its own id, else who had it first."""
    owners: dict[str, str] = {}
    firsts = [(resource.handles[:1], resource.urn) for resource in resources]
    for handles, urn in [*firsts, *((resource.handles, resource.urn) for resource in resources)]:
        for handle in handles:
            owners.setdefault(handle, urn)
    for resource in resources:
        own = tuple(handle for handle in resource.handles if owners[handle] == resource.urn)
        yield replace(resource, handles=own)
