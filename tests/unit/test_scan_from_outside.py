"""What CI's own scan asks for, and what it tells of the reports."""

import json
from pathlib import Path

import pytest

from components._base.errors import InvalidInput
from components.scans import findings
from stacks.__main__ import main
from stacks.loading import load_stack
from stacks.scanning import write_documents

URL = "https://api.example.com"


def public() -> list[str]:
    return [name for name, spec in load_stack("prod").services.items() if spec.public]


def test_zap_is_told_of_requests_that_read_and_of_the_address_outside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert main(["scan-documents", "prod", URL, str(tmp_path / "zap")]) == 0
    files = [Path(line) for line in capsys.readouterr().out.split()]
    assert [path.name for path in files] == [f"{name}.openapi.json" for name in public()]
    for path in files:
        document = json.loads(path.read_text())
        methods = {method for item in document["paths"].values() for method in item}
        assert methods == {"get"}
        assert document["servers"] == [{"url": URL}]


def test_a_service_without_a_document_is_named_and_nothing_is_written(tmp_path: Path):
    (tmp_path / "orders.json").write_text('{"openapi": "3.1.0", "paths": {"/a": {"post": {}}}}')
    with pytest.raises(InvalidInput) as error:
        write_documents("prod", URL, tmp_path / "zap", documents=tmp_path)
    assert [problem.path for problem in error.value.problems] == public()
    assert "no operation that may be called" in str(error.value)
    assert "there is no" in str(error.value)
    assert not (tmp_path / "zap").exists()


def report(*alerts: tuple[str, int, str]) -> str:
    rows = [
        {
            "pluginid": rule,
            "name": f"Rule {rule}",
            "riskcode": str(risk),
            "instances": [{"uri": uri, "method": "GET", "param": ""}],
        }
        for rule, risk, uri in alerts
    ]
    return json.dumps({"site": [{"alerts": rows}]})


def test_findings_are_listed_the_worst_first_and_each_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    one, two = tmp_path / "a.json", tmp_path / "b.json"
    one.write_text(report(("1", 2, f"{URL}/a?x=1"), ("1", 2, f"{URL}/a?x=2"), ("2", 1, URL)))
    two.write_text(report(("3", 3, f"{URL}/b")))
    assert findings.main([str(one), str(two)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"- High: Rule 3 (rule 3): GET {URL}/b",
        f"- Medium: Rule 1 (rule 1): GET {URL}/a",
    ]
    assert findings.main([str(one), "--from", "high"]) == 0
    assert capsys.readouterr().out == ""


def test_a_list_that_is_too_long_is_cut(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "a.json"
    path.write_text(report(*(("1", 2, f"{URL}/{n}") for n in range(findings.MOST_SHOWN + 3))))
    assert findings.main([str(path)]) == 0
    assert capsys.readouterr().out.endswith("- and 3 more\n")


def test_what_is_no_report_is_an_error_and_not_no_findings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.json").write_text("{}")
    assert findings.main([str(tmp_path / "a.json")]) == 2
    assert findings.main([str(tmp_path / "none.json")]) == 2
    assert "a.json: no report of ZAP" in capsys.readouterr().err
