"""What tests put on a machine, on machines made of a PATH of small tools."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """Return a folder with the shell, and a `redis-server` that is not there."""
    for name in ("bash", "cat"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    return tmp_path


def tool(tools: Path, name: str, text: str) -> None:
    (tools / name).write_text(f"#!{tools}/bash\n{text}\n")
    (tools / name).chmod(0o755)


def run(tools: Path, script: str = "services-setup") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(tools / "bash"), str(SCRIPTS / script)],
        env={"PATH": str(tools)},
        text=True,
        capture_output=True,
        check=False,
    )


def test_a_system_without_apt_is_told_what_will_be_skipped(tools: Path):
    done = run(tools)
    assert done.returncode == 0
    assert "this system has no apt-get. Tests that need redis-server" in done.stderr


def test_nobody_but_root_gets_packages(tools: Path):
    tool(tools, "apt-get", "echo called >&2; exit 1")
    tool(tools, "id", "echo 1000")
    done = run(tools)
    assert done.returncode == 0
    assert "called" not in done.stderr
    assert "sudo apt-get install --no-install-recommends redis-server" in done.stderr


def test_root_gets_them_without_a_question_and_without_a_start(tools: Path):
    log = tools / "log"
    tool(tools, "apt-get", f'echo "$DEBIAN_FRONTEND $RUNLEVEL $*" >> {log}')
    tool(tools, "id", "echo 0")
    assert run(tools).returncode == 0
    update, install = log.read_text().splitlines()
    assert update == "noninteractive 1 -qq update"
    assert install.startswith("noninteractive 1 -qq install --yes --no-install-recommends redis")


def test_a_failure_of_apt_skips_tests_and_no_more(tools: Path):
    tool(tools, "apt-get", "exit 100")
    tool(tools, "id", "echo 0")
    done = run(tools)
    assert done.returncode == 0
    assert "apt-get could not install them" in done.stderr


def test_a_browser_is_installed_where_there_is_none(tools: Path):
    log = tools / "log"
    tool(tools, "apt-get", f'echo "$*" >> {log}')
    tool(tools, "id", "echo 0")
    assert run(tools, "browser-setup").returncode == 0
    assert log.read_text().endswith("--no-install-recommends chromium\n")
    log.unlink()
    tool(tools, "google-chrome", "exit 1")
    assert run(tools, "browser-setup").returncode == 0
    assert not log.exists()
