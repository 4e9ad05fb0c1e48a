"""The local stack in a real API server: aws and random are simulated, Kubernetes is not."""

import base64
import os
import runpy
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pulumi
import pulumi_kubernetes as kubernetes
from pulumi.runtime import register_stack_transformation

from simulator.cloud.core import CLUSTER
from simulator.cloud.real import Real
from simulator.host import Program
from simulator.record import RunRecord
from simulator.session import OnEvent, Session
from simulator.workspace import ROOT, Workspace
from tests.e2e.api import Api
from tests.e2e.aws_token import AwsToken
from tests.e2e.cluster.build import binaries
from tests.e2e.cluster.control import ControlPlane
from tests.engine.conftest import Bench

PLUGIN = "pulumi-resource-kubernetes"
RELEASE = "kubernetes:helm.sh/v3:Release"

More = Callable[[kubernetes.Provider], object]
"""Adds something to the program, in the stack's own cluster."""


def program(charts: Path, more: More | None = None) -> Program:
    """Return the platform's own program, with a stand-in for each chart.

    :param charts: the folder of the stand-ins.
    :param more: runs after it.
    """

    def run() -> None:
        register_stack_transformation(lambda args: _with_stand_in(charts, args))
        made = runpy.run_path(str(ROOT / "__main__.py"), run_name="__main__")
        if more:
            more(cast("kubernetes.Provider", made["provider"]))

    return run


def _with_stand_in(
    charts: Path, args: pulumi.ResourceTransformationArgs
) -> pulumi.ResourceTransformationResult | None:
    """Take the chart from the folder; its name, its version and all else stay."""
    if args.type_ != RELEASE:
        return None
    props = dict(cast("Mapping[str, object]", args.props))
    name = str(props["chart"]).rsplit("/", 1)[-1]
    taken = {"chart": str(charts / name), "repository_opts": None}
    assert taken.keys() <= props.keys()
    return pulumi.ResourceTransformationResult({**props, **taken}, args.opts)


def environment(home: Path, token: AwsToken, programs: Path | None = None) -> dict[str, str]:
    """Return the variables by which the engine finds the provider, and that finds what it needs.

    :param home: a folder for Helm's own files: nothing of the user's is read or written.
    :param programs: the folder of the provider. Default: the cache's.
    """
    plugins = home / "plugins"
    plugins.mkdir()
    (plugins / PLUGIN).symlink_to((programs or binaries()) / PLUGIN)
    path = (str(plugins), str(token.folder), os.environ.get("PATH", os.defpath))
    kinds = ("CACHE", "CONFIG", "DATA")
    helm = {f"HELM_{kind}_HOME": str(home / "helm" / kind.lower()) for kind in kinds}
    return {"PATH": os.pathsep.join(path), "KUBECONFIG": os.devnull, **helm}


def loud(record: RunRecord) -> list[str]:
    """Return the warnings and errors of a run, but those on the provider's binary.

    It is not a release, and older than the SDK: it is as new as there is one as a Go module.
    """
    found = [d.message for d in record.diagnostics if d.severity in ("warning", "error")]
    known = (PLUGIN, "resource plugin kubernetes is expected to have version")
    return [text for text in found if not any(each in text for each in known)]


@dataclass(frozen=True)
class Platform:
    """A bench whose Kubernetes provider, and the API server behind it, are real."""

    bench: Bench
    charts: Path
    """Folder of the stand-ins."""
    control: ControlPlane
    token: AwsToken
    env: Mapping[str, str]
    """Of the engine, with the provider and `aws` on its PATH."""

    @property
    def api(self) -> Api:
        """The API server, as its administrator sees it."""
        return self.control.client

    def open(self, more: More | None = None) -> AbstractContextManager[Session]:
        """Open the stack, with `more` in its program."""
        authority = base64.b64encode(self.control.ca.encode()).decode()
        cluster = {"endpoint": self.control.url, "certificateAuthority": {"data": authority}}
        real = Real(frozenset({"kubernetes"}), self.env, {CLUSTER: cluster})
        return self.bench.open(program(self.charts, more), real=real)

    def up(self, more: More | None = None, on_event: OnEvent | None = None) -> RunRecord:
        """Bring it up, as its file says now."""
        with self.open(more) as session:
            return session.up(on_event)

    def destroy(self) -> RunRecord:
        """Delete it."""
        with self.open() as session:
            return session.destroy()

    def state(self) -> Mapping[str, object]:
        """Return what is deployed, as Pulumi has it."""
        folder = self.bench.folder
        return Workspace.of(self.bench.stack, folder / "simulator", folder).deployment()
