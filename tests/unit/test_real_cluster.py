"""The parts of the tests' real cluster that need none of its programs."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from components.addons import POOL_TAINT
from components.cluster.nodes import LABELS, SYSTEM_TAINT
from components.cluster.versions import DEFAULT_VERSION
from simulator.gobuild import BuildError
from simulator.gobuild.report import lines
from tests.e2e.cluster.build import KUBERNETES, binaries, kubernetes, provider
from tests.e2e.cluster.control import PORTS, free_ports
from tests.e2e.cluster.credentials import Credentials, User
from tests.e2e.cluster.nodes import NODE_GROUPS, ZONES, is_ready
from tests.e2e.cluster.process import LEASH, ClusterError, Process, running, until

OWNER = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, {str(LEASH)!r}, "sleep", sys.argv[1]],
                         stdin=subprocess.PIPE, start_new_session=True)
print("started", flush=True)
time.sleep(60)
"""


def soon(wanted: bool, seconds: str) -> bool:
    """Wait until `sleep` runs, or does not, and tell whether that came."""

    def there() -> bool:
        return f"sleep {seconds} " in running(seconds).values()

    end = time.monotonic() + 20
    while there() is not wanted and time.monotonic() < end:
        time.sleep(0.05)
    return there() is wanted


@pytest.fixture
def seconds() -> str:
    """A time that no other test sleeps, to tell its `sleep` from others."""
    return f"{60 + time.monotonic_ns() % 10**9 / 10**9:.9f}"


def test_a_process_runs_until_it_is_ended_and_has_a_log(tmp_path: Path, seconds: str) -> None:
    process = Process("sleeper", ["sh", "-c", f"echo ready; exec sleep {seconds}"], tmp_path)
    assert soon(wanted=True, seconds=seconds)
    process.check()
    assert process.running
    process.end()
    process.end()
    assert not process.running
    assert soon(wanted=False, seconds=seconds)
    assert (tmp_path / "sleeper.log").read_text() == "ready\n"


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_ends_with_its_owner_however_that_ends(
    ending: signal.Signals, seconds: str
) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, seconds], stdout=subprocess.PIPE)
    assert owner.stdout
    assert owner.stdout.readline() == b"started\n"
    assert soon(wanted=True, seconds=seconds)
    owner.send_signal(ending)
    owner.communicate()
    assert soon(wanted=False, seconds=seconds)


def test_a_process_inherits_no_proxy_and_no_kubeconfig(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "/home/me/.kube/config")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy")
    process = Process("env", ["env"], tmp_path, {"PATH": os.environ["PATH"], "A": "b"})
    until(lambda: None if process.running else True, "env has ended", 20)
    given = dict(line.split("=", 1) for line in process.log.read_text().splitlines())
    assert given.keys() - {"LC_CTYPE"} == {"PATH", "HOME", "A"}
    assert given["HOME"] == str(tmp_path)


def test_a_process_that_ended_is_named_with_its_code_and_its_last_words(tmp_path: Path) -> None:
    script = 'i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo "line $i"; done; exit 3'
    process = Process("kube-thing", ["sh", "-c", script], tmp_path)
    with pytest.raises(ClusterError) as caught:
        until(lambda: None, "it is ready", 20, of=[process])
    first, *rest = str(caught.value).splitlines()
    assert first == f"kube-thing ended with code 3. The end of {tmp_path / 'kube-thing.log'}:"
    assert (rest[0], rest[-1]) == ("  line 26", "  line 40")


def test_what_does_not_come_in_time_is_named() -> None:
    with pytest.raises(ClusterError, match=r"^all nodes are Ready: not within 0\.2 s$"):
        until(lambda: None, "all nodes are Ready", 0.2)


def test_ports_are_free_and_not_those_of_outgoing_connections() -> None:
    found = free_ports(3)
    assert len(set(found)) == 3
    assert set(found) <= set(PORTS)
    first_outgoing = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert PORTS.stop <= first_outgoing


def test_each_user_has_a_token_of_its_own_and_no_one_else_may_read_them(tmp_path: Path) -> None:
    made = Credentials(tmp_path / "credentials")
    made.write()
    rows = [line.split(",") for line in made.tokens_file.read_text().splitlines()]
    assert {row[0] for row in rows} == set(made.tokens.values())
    assert len(made.tokens) == len(set(made.tokens.values())) == len(User)
    assert made.folder.stat().st_mode & 0o077 == 0
    config = yaml.safe_load(made.kubeconfig("https://127.0.0.1:1", User.ADMIN).read_text())
    assert config["users"][0]["user"]["token"] == made.tokens[User.ADMIN]


def test_nodes_are_those_that_the_platforms_pods_ask_for() -> None:
    nodes = {group.name: [*group.nodes()] for group in NODE_GROUPS}
    assert {name: len(each) for name, each in nodes.items()} == dict.fromkeys(
        ("system", "on-demand", "spot"), len(ZONES)
    )
    labels = {group.name: group.labels for group in NODE_GROUPS}
    assert labels["system"].items() >= LABELS.items()
    assert labels["spot"]["karpenter.sh/capacity-type"] == "spot"
    taints = {group.name: [taint["key"] for taint in group.taints] for group in NODE_GROUPS}
    assert taints == {"system": [SYSTEM_TAINT["key"]], "on-demand": [], "spot": [POOL_TAINT]}


def test_a_node_is_ready_when_its_kubelet_and_the_node_controller_say_so() -> None:
    (node, *_) = NODE_GROUPS[0].nodes()
    assert not is_ready(node)
    ready = {**node, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}
    assert is_ready(ready)
    held = {"taints": [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]}
    assert not is_ready({**ready, "spec": held})


def test_the_api_server_is_of_the_version_that_the_platforms_clusters_have() -> None:
    versions = {p.name: p.version for p in kubernetes().programs}
    api_server = versions["kube-apiserver"]
    assert api_server
    assert f"{api_server.major}.{api_server.minor}" == DEFAULT_VERSION
    assert versions["kube-scheduler"] == versions["kube-controller-manager"] == api_server


def test_all_of_kubernetes_modules_are_of_one_version() -> None:
    (version,) = {p.version for p in kubernetes().programs if p.name == "kube-apiserver"}
    assert version
    go_mod = (KUBERNETES / "go.mod").read_text()
    replaced = re.findall(r"^\s*(k8s\.io/\S+) => (\S+) v0\.(\S+)$", go_mod, re.MULTILINE)
    assert len(replaced) > 30
    assert {(old == new, f"{patch}") for old, new, patch in replaced} == {
        (True, f"{version.minor}.{version.patch}")
    }


def test_the_provider_is_told_its_version() -> None:
    (linked,) = provider().linked.items()
    assert linked[0].endswith("/pkg/version.Version")
    assert linked[1].startswith("4.")


GO = """#!/bin/sh
case "$1" in
version) echo "go version go99.0.0 linux/amd64" ;;
list) echo a ;;
build)
  while [ "$1" != -o ]; do shift; done
  echo "$3" >>{calls}
  printf '#!/bin/sh\\nexec cat {said}/%s\\n' "$(basename "$2")" >"$2"; chmod +x "$2" ;;
esac
"""


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of what each program says it is, on a machine with a Go that makes such programs."""
    folder, tools = tmp_path / "said", tmp_path / "bin"
    folder.mkdir()
    tools.mkdir()
    for program in kubernetes().programs:
        (folder / program.name).write_text(f"{program.name} version v{program.version}\n")
    go = tools / "go"
    go.write_text(GO.format(calls=tmp_path / "calls", said=folder))
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.defpath}")
    monkeypatch.setenv("FASTAPI_PLATFORM_CACHE", str(tmp_path / "cache"))
    return folder


def test_all_programs_are_built_once_into_one_folder(said: Path) -> None:
    notes: list[str] = []
    folder = binaries(lines(notes.append))
    wanted = {program.name for recipe in (kubernetes(), provider()) for program in recipe.programs}
    assert {path.name for path in folder.iterdir()} == wanted
    assert folder.parent == said.parent / "cache" / "kubernetes"
    assert binaries(lines(notes.append)) == folder
    packages = (said.parent / "calls").read_text().splitlines()
    assert len(packages) == len(set(packages)) == len(wanted)
    assert [note for note in notes if " built in " in note] == [notes[-3], notes[-1]]


def test_a_program_of_another_version_is_refused_and_none_of_its_module_is_kept(
    said: Path,
) -> None:
    (said / "kwok").write_text("kwok version v0.1.0\n")
    with pytest.raises(BuildError, match=r"The kwok that was built says it is kwok version v0\.1"):
        binaries(lines(lambda _: None))
    assert not list((said.parent / "cache" / "kubernetes").glob("*/*"))
