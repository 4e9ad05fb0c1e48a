"""The programs of security scans as they run: ZAP's container, and the function that compares."""

import base64
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from urllib.request import Request

import boto3
import pytest
from botocore.response import StreamingBody
from botocore.stub import Stubber

from components.scans.compare import handler
from components.scans.compare.handler import Settings, compare, findings, read_settings
from components.scans.runner import scan

Json = Mapping[str, Any]

TOPIC = "arn:aws:sns:eu-west-1:123456789012:alarms"
BUCKET = "scans-reports-1"
OLDER, NEWER = "2026-11-18T03-12-00Z", "2026-11-25T03-12-00Z"


def alert(rule: str = "10021", risk: int = 2, *uris: str, param: str = "") -> Json:
    """Return what ZAP writes of a rule."""
    places = [
        {"uri": uri, "method": "GET", "param": param}
        for uri in (uris or ("https://api.example.com/orders",))
    ]
    return {"pluginid": rule, "name": f"Rule {rule}", "riskcode": str(risk), "instances": places}


def report(*alerts: Json) -> bytes:
    return json.dumps({"site": [{"@name": "https://api.example.com", "alerts": alerts}]}).encode()


def key(time: str, service: str = "orders") -> str:
    return f"reports/{service}/{time}/report.json"


def event(time: str = NEWER) -> Json:
    # as S3 writes it
    return {"Records": [{"s3": {"bucket": {"name": BUCKET}, "object": {"key": key(time)}}}]}


class Cloud:
    """AWS' own clients, and what they are told to answer."""

    def __init__(self, reports: Mapping[str, bytes], *, pages: int = 1) -> None:
        self.told: list[tuple[str, str]] = []
        self.s3 = cast("Any", boto3).client("s3", region_name="eu-west-1", **KEYS)
        self.sns = self
        self._reports = dict(reports)
        self._pages = pages

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object:  # noqa: N803
        assert TopicArn == TOPIC
        self.told.append((Subject, Message))
        return {}

    def run(self, settings: Settings, *reads: str) -> list[str]:
        """Compare the newest report; `reads` are the reports that are read, in order."""
        with Stubber(self.s3) as stub:
            self._read(stub, NEWER)
            self._list(stub)
            for time in reads:
                self._read(stub, time)
            told = compare(event(), self.s3, self.sns, settings)
            stub.assert_no_pending_responses()
            return told

    def _read(self, stub: Stubber, time: str) -> None:
        content = self._reports[time]
        body = StreamingBody(BytesIO(content), len(content))
        stub.add_response("get_object", {"Body": body}, {"Bucket": BUCKET, "Key": key(time)})

    def _list(self, stub: Stubber) -> None:
        times = [*sorted(self._reports), "2026-12-02T03-12-00Z"]
        size = -(-len(times) // self._pages)
        for page in range(self._pages):
            given = {"Bucket": BUCKET, "Prefix": "reports/orders/"}
            given |= {"ContinuationToken": str(page)} if page else {}
            contents = [
                {"Key": each}
                for time in times[page * size : (page + 1) * size]
                for each in (key(time), key(time).replace("report.json", "report.sarif.json"))
            ]
            more = page + 1 < self._pages
            answer: dict[str, object] = {"Contents": contents, "IsTruncated": more}
            answer |= {"NextContinuationToken": str(page + 1)} if more else {}
            stub.add_response("list_objects_v2", answer, given)


KEYS: Json = {"aws_access_key_id": "a", "aws_secret_access_key": "b"}
MEDIUM = Settings(TOPIC, least_risk=2)


def test_of_a_first_report_everything_is_told():
    cloud = Cloud({NEWER: report(alert(), alert("40018", 3, param="q"), alert("10038", 1))})
    cloud.run(MEDIUM)
    ((subject, message),) = cloud.told
    assert subject == "Security scan of orders: 2 new findings"
    lines = message.splitlines()
    assert lines[0].endswith("(the first report: all of them)")
    worst = "High: Rule 40018 (rule 40018): GET https://api.example.com/orders, parameter q"
    assert lines[2] == worst, "the worst comes first"
    assert "Rule 10038" not in message, "it is of less risk"
    assert f"s3://{BUCKET}/reports/orders/{NEWER}/report.html" in message


def test_of_what_was_there_before_nothing_is_told():
    same = report(alert(), alert("40018", 3))
    cloud = Cloud({OLDER: same, NEWER: same})
    assert cloud.run(MEDIUM, OLDER) == []
    assert cloud.told == []


def test_what_is_new_is_told_and_what_is_gone_is_counted():
    cloud = Cloud(
        {
            OLDER: report(alert(), alert("40018", 3)),
            NEWER: report(alert("10021", 2, "https://a/orders", "https://api.example.com/orders")),
        }
    )
    (message,) = cloud.run(MEDIUM, OLDER)
    assert "1 new finding\n" in message
    assert "GET https://a/orders" in message
    assert "No longer found: 1." in message


def test_a_finding_that_is_gone_is_no_message():
    cloud = Cloud({OLDER: report(alert()), NEWER: report()})
    assert cloud.run(MEDIUM, OLDER) == []


def test_values_in_a_query_make_no_new_finding():
    cloud = Cloud(
        {
            OLDER: report(alert("1", 3, "https://a/orders?page=1")),
            NEWER: report(alert("1", 3, "https://a/orders?page=2")),
        }
    )
    assert cloud.run(MEDIUM, OLDER) == []


@pytest.mark.parametrize(
    "wrong",
    [
        *(b"", b"{", b"[]", b"{}", b'{"site": [{}]}', b'{"site": [{"alerts": [{}]}]}'),
        report({**alert(), "riskcode": "9"}),
        report({**alert(), "instances": [{}]}),
    ],
)
def test_what_is_no_report_is_an_error_which_lambda_keeps(wrong: bytes):
    with pytest.raises(ValueError, match="no report of ZAP"):
        findings(wrong)
    cloud = Cloud({NEWER: wrong})
    with Stubber(cloud.s3) as stub:
        body = StreamingBody(BytesIO(wrong), len(wrong))
        stub.add_response("get_object", {"Body": body})
        with pytest.raises(ValueError, match="no report of ZAP"):
            compare(event(), cloud.s3, cloud.sns, MEDIUM)
    assert cloud.told == []


def test_a_report_that_is_none_is_not_what_the_next_is_compared_with():
    oldest = "2026-11-11T03-12-00Z"
    cloud = Cloud({oldest: report(alert()), OLDER: b"{", NEWER: report(alert())})
    assert cloud.run(MEDIUM, OLDER, oldest) == []


def test_the_report_before_is_found_among_many():
    cloud = Cloud({OLDER: report(alert()), NEWER: report(alert())}, pages=3)
    assert cloud.run(MEDIUM, OLDER) == []


def ignoring(until: str, **more: str) -> Settings:
    entry = {"rule": "10021", "until": until, **more}
    return read_settings({"TOPIC_ARN": TOPIC, "LEAST_RISK": "medium"}, json.dumps([entry]))


@pytest.mark.parametrize(
    ("settings", "new"),
    [
        (ignoring("2027-05-31"), 0),
        (ignoring("2026-11-25"), 0),
        (ignoring("2026-11-24"), 1),
        (ignoring("2027-05-31", service="catalog"), 1),
        (ignoring("2027-05-31", service="orders", path="/orders"), 0),
        (ignoring("2027-05-31", path="/catalog"), 1),
    ],
)
def test_what_is_ignored_is_not_told_but_only_for_its_time(settings: Settings, new: int):
    assert len(Cloud({NEWER: report(alert())}).run(settings)) == new


def test_what_is_ignored_no_longer_is_new_again():
    cloud = Cloud({OLDER: report(alert()), NEWER: report(alert())})
    (message,) = cloud.run(ignoring("2026-11-20"), OLDER)
    assert "1 new finding" in message


def test_a_message_is_not_too_long_for_its_topic():
    many = [f"https://api.example.com/orders/{number}" for number in range(5000)]
    cloud = Cloud({NEWER: report(alert("1", 3, *many))})
    ((subject, message),) = cloud.run(MEDIUM) and cloud.told
    assert len(subject) <= 100
    assert len(message) < 10_000
    assert "and 4970 more" in message


def test_lambda_calls_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    (tmp_path / "ignored.json").write_text("[]")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOPIC_ARN", TOPIC)
    monkeypatch.setenv("LEAST_RISK", "high")
    called: list[Settings] = []

    def remember(_event: object, _s3: object, _sns: object, settings: Settings) -> list[str]:
        called.append(settings)
        return []

    monkeypatch.setattr(handler, "compare", remember)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    handler.handler(event(), None)
    assert called == [Settings(TOPIC, least_risk=3, ignored=[])]


DOCUMENT: Json = {
    "openapi": "3.1.0",
    "paths": {
        "/orders": {"get": {}, "post": {}, "parameters": []},
        "/orders/{id}": {"delete": {}, "get": {}},
        "/imports": {"put": {}, "summary": "only changes"},
    },
}


class Container:
    """What is around the program in its container."""

    def __init__(self, work: Path, *, status: int = 0, without: str = "") -> None:
        self.work, self.status, self.without = work, status, without
        self.requests: list[Request] = []
        self.ran: list[tuple[Sequence[str], Mapping[str, str]]] = []
        self.uploaded: list[tuple[str, str]] = []

    def fetch(self, request: Request) -> bytes:
        self.requests.append(request)
        token = request.full_url.endswith("/token")
        return json.dumps({"access_token": "abc"} if token else DOCUMENT).encode()

    def run(self, command: Sequence[str], environ: Mapping[str, str]) -> int:
        self.ran.append((command, environ))
        for name in scan.REPORTS:
            if name != self.without:
                (self.work / name).write_bytes(report())
        return self.status

    def upload(self, bucket: str, at: str, body: bytes, kind: str) -> None:
        assert body
        assert kind
        self.uploaded.append((bucket, at))

    def scan(self, **more: str) -> int:
        environ = {
            "BUCKET": BUCKET,
            "DOCUMENT_URL": "http://orders.services.svc:8000/openapi.json",
            "HEAP_MIB": "1228",
            "HOME": "/home/zap",
            "METHODS": "read",
            "PLAN": "/etc/scan/plan.yaml",
            "PREFIX": "reports/orders/",
            "TARGET_URL": "https://api.example.com",
            "WORK": str(self.work),
            **more,
        }
        now = datetime(2026, 11, 25, 3, 12, tzinfo=UTC)
        return scan.scan(environ, fetch=self.fetch, run=self.run, upload=self.upload, now=now)


CLIENT = {
    "CLIENT_ID": "scanner",
    "CLIENT_SECRET": "s",
    "TOKEN_ENDPOINT": "https://id.example.com/oauth2/token",
}


def test_a_scan_keeps_its_reports_the_one_that_is_compared_last(tmp_path: Path):
    container = Container(tmp_path)
    assert container.scan() == 0
    folder = f"reports/orders/{NEWER}"
    assert container.uploaded == [
        (BUCKET, f"{folder}/report.html"),
        (BUCKET, f"{folder}/report.sarif.json"),
        (BUCKET, f"{folder}/report.json"),
    ]
    ((command, environ),) = container.ran
    assert command == [
        *("/zap/zap.sh", "-cmd", "-silent", "-Xmx1228m", "-dir", "/home/zap/.ZAP"),
        *("-autorun", "/etc/scan/plan.yaml"),
    ]
    assert "ZAP_AUTH_HEADER_VALUE" not in environ


def operations(work: Path) -> dict[str, set[str]]:
    document = json.loads((work / "openapi.json").read_text())
    return {path: scan.METHODS & item.keys() for path, item in document["paths"].items()}


def test_what_changes_things_is_taken_out_of_the_document(tmp_path: Path):
    """ZAP would call it, passive scan or not."""
    Container(tmp_path).scan()
    assert operations(tmp_path) == {"/orders": {"get"}, "/orders/{id}": {"get"}}
    Container(tmp_path).scan(METHODS="all")
    assert operations(tmp_path)["/orders/{id}"] == {"delete", "get"}
    assert operations(tmp_path)["/imports"] == {"put"}


@pytest.mark.parametrize(
    "document",
    [{}, {"openapi": "3.1.0", "paths": {}}, {"openapi": "3", "paths": {"/": {"post": {}}}}],
)
def test_a_document_without_operations_is_an_error(document: Json):
    with pytest.raises(ValueError, match="OpenAPI document"):
        scan.restricted(json.dumps(document).encode(), everything=False)


def test_a_token_goes_to_the_service_only_and_the_secret_to_nobody_else(tmp_path: Path):
    container = Container(tmp_path)
    container.scan(**CLIENT)
    request = container.requests[-1]
    assert request.full_url == CLIENT["TOKEN_ENDPOINT"]
    assert request.data == b"grant_type=client_credentials"
    login = base64.b64encode(b"scanner:s").decode()
    assert request.get_header("Authorization") == f"Basic {login}"
    ((_, environ),) = container.ran
    assert environ["ZAP_AUTH_HEADER_VALUE"] == "Bearer abc"
    assert environ["ZAP_AUTH_HEADER_SITE"] == "api.example.com"
    assert "CLIENT_SECRET" not in environ


def test_a_scan_without_a_report_is_no_good_news(tmp_path: Path):
    container = Container(tmp_path, status=1, without="report.json")
    with pytest.raises(ValueError, match=r"ZAP ended with 1 and without report\.json"):
        container.scan()
    assert container.uploaded == []


@pytest.mark.parametrize(("zap", "told"), [(0, 0), (2, 0), (3, 3), (1, 1)])
def test_the_exit_status_is_zap_s_but_warnings_are_fine(tmp_path: Path, zap: int, told: int):
    container = Container(tmp_path, status=zap)
    assert container.scan() == told
    assert len(container.uploaded) == 3, "reports are kept in any case"
