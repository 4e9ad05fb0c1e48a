"""One embedded run: the real engine, the project's program, the simulated cloud, the policies."""

import json
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from pulumi import automation as auto
from pulumi.automation import errors as auto_errors
from pulumi.automation.events import EngineEvent

from policies.environments import configuration, exempted
from simulator.cloud.core import Cloud
from simulator.cloud.faults import Faults
from simulator.cloud.inventory import Inventory
from simulator.cloud.real import NOTHING, Real
from simulator.command import EngineCommand
from simulator.errors import Exit, SimulatorError
from simulator.host import Host, Program, platform_program
from simulator.providers import serve
from simulator.record import RunRecord
from simulator.state import stack_outputs
from simulator.workspace import PLACEHOLDER, PROJECT, ROOT, Workspace
from stacks import Settings, load_stack
from stacks.guard import explain, losses
from stacks.loading import DIRECTORY

POLICY_PACK = ROOT / "policies" / "run-pack"
"""The pack as an executable, which the engine starts without a Python language host."""

OnEvent = Callable[[EngineEvent], None]


@dataclass
class Session:
    """An open stack of the embedded engine. Use `Session.open`."""

    workspace: Workspace
    settings: Settings
    cloud: Cloud
    command: EngineCommand
    stack: auto.Stack
    host: Host
    policies: Sequence[Path]
    notices: list[str] = field(default_factory=list[str])

    @classmethod
    @contextmanager
    def open(
        cls,
        stack: str,
        engine: Path,
        *,
        faults: Faults | None = None,
        program: Program = platform_program,
        policies: Sequence[Path] = (POLICY_PACK,),
        home: Path | None = None,
        stack_files: Path = DIRECTORY,
        real: Real = NOTHING,
    ) -> Generator["Session"]:
        """Validate the stack file, lock the stack, serve its cloud and open it in the engine.

        :param engine: the Pulumi CLI.
        :param faults: what shall go wrong, or slowly.
        :param program: what to run, the platform unless told otherwise.
        :param policies: executables of policy packs.
        :param home: where embedded stacks live on disk.
        :param stack_files: the folder of the stack files.
        :param real: what is not simulated.
        :raises SimulatorError: when the stack is in use or its state damaged.
        :raises InvalidInput: when the stack file is wrong; nothing is touched then.
        """
        settings = load_stack(stack, stack_files)
        workspace = Workspace.of(stack, home, stack_files)
        with workspace.locked() as killed:
            notices = _recover(workspace) if killed else []
            workspace.check_state()
            hidden = workspace.prepare()
            cloud = Cloud(settings.region, Inventory(workspace.journal), faults, real)
            command = EngineCommand(engine)
            with serve(cloud) as attached, command.forwarding_interrupts():
                env = {**workspace.env(), "PULUMI_DEBUG_PROVIDERS": attached, **real.env}
                host = Host(program)
                opened = _open_stack(workspace, command, env, host)
                for path in hidden:
                    value = auto.ConfigValue(PLACEHOLDER, secret=True)
                    opened.set_config(path, value, path=True)
                if killed:
                    notices += _forget_orphans(workspace, cloud)
                yield cls(workspace, settings, cloud, command, opened, host, policies, notices)

    def preview(self, on_event: OnEvent | None = None) -> RunRecord:
        """Show what an up would do; refuse what the replacement guard refuses."""
        record = self._run(self.stack.preview, on_event, **self._policy_options())
        lost = losses(record.steps(), self.settings.allow_replacement)
        if lost:
            raise SimulatorError(explain(lost), Exit.REFUSED)
        return record

    def planned(self) -> RunRecord:
        """Tell what an up would do, whatever policies and guard say of it: others may judge it."""
        return self._run(self.stack.preview, None)

    def up(self, on_event: OnEvent | None = None) -> RunRecord:
        """Deploy. With something deployed already, a preview first asks the replacement guard.

        When nothing would change, in the cloud or in the state, that preview is all there is to do.
        """
        settled = self.workspace.settled
        if self.deployed():
            events: list[EngineEvent] = []
            record = self.preview(events.append)
            if not record.changed() and settled.holds(self.host.registrations):
                if on_event:
                    for event in events:
                        on_event(event)
                return record
        settled.forget()
        record = self._run(self.stack.up, on_event, show_secrets=False, **self._policy_options())
        settled.keep(self.host.registrations)
        return record

    def refresh(self, on_event: OnEvent | None = None) -> RunRecord:
        """Compare the state with the cloud, and correct the state."""
        return self._run(self.stack.refresh, on_event, show_secrets=False)

    def destroy(self, on_event: OnEvent | None = None) -> RunRecord:
        """Delete everything; then nothing may be left in the cloud.

        A preview comes first, so that a protected resource stops it before anything is deleted.

        :raises SimulatorError: when something is protected, or left.
        """
        self._run(self.stack.preview_destroy, None)
        record = self._run(self.stack.destroy, on_event, show_secrets=False)
        left = self.cloud.inventory.alive()
        if left:
            names = "\n".join(f"  {r.type} {r.id}" for r in left)
            raise SimulatorError(f"{len(left)} resources are left in the cloud:\n{names}")
        return record

    def deployed(self) -> bool:
        """Tell whether the stack has resources."""
        return bool(self.state().get("resources"))

    def state(self) -> Mapping[str, object]:
        """Return the deployment in the state; secrets stay encrypted."""
        return self.workspace.deployment()

    def outputs(self) -> dict[str, object]:
        """Return the stack's outputs, secrets masked."""
        return stack_outputs(self.state())

    def _policy_options(self) -> dict[str, object]:
        """Return the packs, and what the stack configures of ours and exempts from it."""
        options: dict[str, object] = {"policy_packs": [str(path) for path in self.policies]}
        entries = [exemption.model_dump() for exemption in self.settings.exemptions]
        configured = exempted(configuration(self.workspace.stack), entries)
        if configured and self.policies == (POLICY_PACK,):
            file = self.workspace.folder / "policies.json"
            file.write_text(json.dumps(configured), encoding="utf-8")
            options["policy_pack_configs"] = [str(file)]
        return options

    def _run(
        self, operation: Callable[..., object], on_event: OnEvent | None, **options: object
    ) -> RunRecord:
        record = RunRecord()

        def note(event: EngineEvent) -> None:
            record.add(event)
            if on_event:
                on_event(event)

        try:
            operation(on_event=note, color="never", **options)
        except auto_errors.ConcurrentUpdateError:
            raise SimulatorError(
                f"stack '{self.workspace.stack}' is locked; unlock it by: make cancel "
                f"STACK={self.workspace.stack}"
            ) from None
        except auto.CommandError as error:
            if self.command.interrupted:
                raise SimulatorError(
                    "interrupted; what was done is in the state, the next run goes on from there",
                    Exit.INTERRUPTED,
                ) from None
            code = Exit.REFUSED if record.mandatory_violations() else Exit.FAILED
            raise SimulatorError(record.explain_failure() or str(error), code) from None
        finally:
            self.host.stop()
        return record


def _open_stack(
    workspace: Workspace, command: EngineCommand, env: Mapping[str, str], host: Host
) -> auto.Stack:
    options = auto.LocalWorkspaceOptions(
        work_dir=str(workspace.project),
        pulumi_home=env["PULUMI_HOME"],
        program=host,
        env_vars=env,
        pulumi_command=command,
    )
    return auto.create_or_select_stack(
        workspace.stack, project_name=PROJECT, program=host, opts=options
    )


def _recover(workspace: Workspace) -> list[str]:
    workspace.break_stale_lock()
    return ["the last command was killed, or its state was damaged; the stack is unlocked"]


def _forget_orphans(workspace: Workspace, cloud: Cloud) -> list[str]:
    """Drop from the simulated cloud what a killed run created but could not save in the state."""
    resources = cast("list[dict[str, str]]", workspace.deployment().get("resources") or [])
    known = {r["urn"] for r in resources}
    orphans = [r for r in cloud.inventory.alive() if r.urn not in known]
    for orphan in orphans:
        cloud.inventory.remove(orphan.type, orphan.id)
    if not orphans:
        return []
    return [f"{len(orphans)} simulated resources that its state does not know are removed"]
