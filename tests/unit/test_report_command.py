"""The command line of the report, without an engine."""

import json
from pathlib import Path

import pytest

from simulator import __main__ as cli
from simulator.errors import Exit
from simulator.report import command
from simulator.report.model import Report
from tests.unit.reports import finding, platform


@pytest.fixture(autouse=True)
def without_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """Reports come from a table; return the stacks that were asked for."""
    asked: list[str] = []

    def collect(stack: str, _engine: Path) -> Report:
        asked.append(stack)
        findings = [finding("multi-az", message="multi-az: no")] if stack == "refused" else []
        return platform(stack, zones=2 if stack == "staging" else 3).report(*findings)

    monkeypatch.setattr(command, "collect", collect)

    def engine(_tell: object) -> Path:
        return Path("pulumi")

    monkeypatch.setattr(command, "pulumi_command", engine)
    monkeypatch.setattr(command, "BUILD", tmp_path / "build")
    monkeypatch.chdir(tmp_path)
    return asked


FORMS = [("html", "html"), ("json", "json"), ("markdown", "md")]


@pytest.mark.parametrize(("form", "suffix"), FORMS)
def test_each_form_has_its_file_and_its_path_is_told(
    form: str, suffix: str, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["report", "--stack", "prod", "--format", form]) == Exit.OK
    assert capsys.readouterr().out == f"build/report-prod.{suffix}\n"
    assert Path(f"build/report-prod.{suffix}").stat().st_size > 1000


def test_a_file_of_one_s_own(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["report", "--out", "some/where.html"]) == Exit.OK
    assert capsys.readouterr().out == "some/where.html\n"
    assert Path("some/where.html").exists()


def test_standard_output(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["report", "--format", "json", "--out", "-"]) == Exit.OK
    assert json.loads(capsys.readouterr().out)["stack"] == "local"


def test_against_a_stack(without_engine: list[str]):
    cli.main(["report", "--stack", "prod", "--against", "staging", "--format", "markdown"])
    assert sorted(without_engine) == ["prod", "staging"]
    assert "Against `staging`" in Path("build/report-prod.md").read_text()


def test_against_an_earlier_report(without_engine: list[str]):
    cli.main(["report", "--stack", "staging", "--format", "json", "--out", "before.json"])
    cli.main(["report", "--stack", "prod", "--against", "before.json", "--format", "markdown"])
    assert without_engine == ["staging", "prod"]
    assert "`network-private-3`" in Path("build/report-prod.md").read_text()


def test_an_earlier_report_that_is_not_there(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["report", "--against", "nowhere.json"]) == Exit.BAD_INPUT
    assert "nowhere.json is no report" in " ".join(capsys.readouterr().err.split())


def test_a_budget_that_is_exceeded_fails_after_the_report_is_written(
    capsys: pytest.CaptureFixture[str],
):
    assert cli.main(["report", "--stack", "prod", "--budget", "10"]) == Exit.FAILED
    said = capsys.readouterr()
    assert said.out == "build/report-prod.html\n"
    assert "over the budget of $10.00" in " ".join(said.err.split())
    assert cli.main(["report", "--stack", "prod", "--budget", "10000"]) == Exit.OK


def test_a_stack_that_a_policy_refuses_gets_its_report_and_a_code(
    capsys: pytest.CaptureFixture[str],
):
    assert cli.main(["report", "--stack", "refused"]) == Exit.REFUSED
    said = capsys.readouterr()
    assert said.out == "build/report-refused.html\n"
    assert "[multi-az] no" in said.err
