"""Tells of what a scan found and the scan before had not: the code of a Lambda function.

It is called when a report (`reports/SERVICE/TIME/report.json`, ZAP's `traditional-json`) is in its
bucket. What is the same is decided by rule, method, path and parameter.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import unquote_plus, urlsplit

REPORT = "/report.json"
RISKS = ("informational", "low", "medium", "high")
"""By ZAP's `riskcode`."""

MOST_LINES = 30
LONGEST_SUBJECT = 100
"""https://docs.aws.amazon.com/sns/latest/api/API_Publish.html (2026-11)"""

Json = Mapping[str, object]


class Body(Protocol):
    """The content of an object in S3."""

    def read(self) -> bytes:
        """Return all of it."""
        ...


class S3(Protocol):
    """What of boto3's client for S3 is used."""

    def get_object(self, *, Bucket: str, Key: str) -> Mapping[str, object]:  # noqa: N803
        """Return an object."""
        ...

    def list_objects_v2(self, **_given: str) -> Mapping[str, object]:
        """Return a page of keys."""
        ...


class Sns(Protocol):
    """What of boto3's client for SNS is used."""

    def publish(self, *, TopicArn: str, Subject: str, Message: str) -> object:  # noqa: N803
        """Send a message."""
        ...


@dataclass(frozen=True)
class Finding:
    """One place where a rule found something."""

    rule: str
    name: str
    risk: int
    method: str
    uri: str
    """Without its query: values differ from scan to scan."""
    param: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What makes two findings the same."""
        return self.rule, self.method, self.uri, self.param

    def __str__(self) -> str:
        place = f"{self.method} {self.uri}" + (f", parameter {self.param}" if self.param else "")
        return f"{RISKS[self.risk].capitalize()}: {self.name} (rule {self.rule}): {place}"


@dataclass(frozen=True)
class Ignored:
    """A finding that somebody has looked at and accepted, until a day."""

    rule: str
    until: date
    service: str = ""
    path: str = ""
    """Beginning of the URL's path."""

    def covers(self, service: str, finding: Finding, day: date) -> bool:
        """Tell whether it is about `finding`, and still holds on `day`."""
        return (
            day <= self.until
            and finding.rule == self.rule
            and self.service in ("", service)
            and urlsplit(finding.uri).path.startswith(self.path)
        )


@dataclass(frozen=True)
class Settings:
    """What the function is told."""

    topic_arn: str
    least_risk: int
    ignored: Sequence[Ignored] = ()


def findings(report: bytes) -> list[Finding]:
    """Return what is in a report.

    :raises ValueError: when it is none.
    """
    try:
        return list(_findings(json.loads(report)))
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise ValueError(f"no report of ZAP: {error!r}") from error


def _findings(report: Mapping[str, Sequence[Mapping[str, Sequence[Json]]]]) -> Iterator[Finding]:
    for site in report["site"]:
        for alert in site["alerts"]:
            risk = int(cast("str", alert["riskcode"]))
            RISKS[risk]  # pyright: ignore[reportUnusedExpression] - there is such a risk
            for place in cast("Sequence[Mapping[str, str]]", alert["instances"]):
                yield Finding(
                    rule=str(alert["pluginid"]),
                    name=str(alert["name"]),
                    risk=risk,
                    method=place["method"],
                    uri=place["uri"].partition("?")[0],
                    param=place["param"],
                )


def compare(event: Json, s3: S3, sns: Sns, settings: Settings) -> list[str]:
    """Publish a message for each report of `event` that has new findings; return the messages.

    :raises ValueError: when a report is none: Lambda tries again, then keeps the event.
    """
    told: list[str] = []
    for record in cast("Sequence[Mapping[str, Mapping[str, Mapping[str, str]]]]", event["Records"]):
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        message = _of_report(bucket, key, s3, settings)
        if message:
            sns.publish(TopicArn=settings.topic_arn, Subject=message[0], Message=message[1])
            told.append(message[1])
    return told


def _of_report(bucket: str, key: str, s3: S3, settings: Settings) -> tuple[str, str] | None:
    _, service, time, _ = key.split("/")
    found = findings(_read(s3, bucket, key))
    shown = _shown(found, service, _day(time), settings)
    before = _previous(bucket, key, s3)
    known: set[tuple[str, str, str, str]] = set()
    if before:
        earlier, there = before
        known = {f.key for f in _shown(there, service, _day(earlier.split("/")[2]), settings)}
    new = [finding for finding in shown if finding.key not in known]
    gone = len(known - {finding.key for finding in shown})
    hidden = len(found) - len(shown)
    counts = {"service": service, "report": key, "found": len(found), "new": len(new)}
    print(json.dumps({**counts, "gone": gone, "hidden": hidden}))  # noqa: T201 - the function's log
    if not new:
        return None
    first = "" if before else " (the first report: all of them)"
    count = "1 new finding" if len(new) == 1 else f"{len(new)} new findings"
    subject = f"Security scan of {service}: {count}"[:LONGEST_SUBJECT]
    ordered = sorted(new, key=lambda finding: (-finding.risk, finding.key))
    lines = [str(finding) for finding in ordered[:MOST_LINES]]
    more = [f"and {len(new) - MOST_LINES} more"] if len(new) > MOST_LINES else []
    rest = [
        f"No longer found: {gone}. Of less risk, or ignored: {hidden}.",
        f"Report: s3://{bucket}/{key.removesuffix(REPORT)}/report.html",
    ]
    return subject, "\n".join([f"{subject}{first}", "", *lines, *more, "", *rest])


def _shown(found: Iterable[Finding], service: str, day: date, settings: Settings) -> list[Finding]:
    """Return what counted on the day of its report: what is ignored no longer is new again."""
    return [
        finding
        for finding in {finding.key: finding for finding in found}.values()
        if finding.risk >= settings.least_risk
        and not any(entry.covers(service, finding, day) for entry in settings.ignored)
    ]


def _previous(bucket: str, key: str, s3: S3) -> tuple[str, list[Finding]] | None:
    """Return the newest report before `key` that is one, with its key."""
    folder = key.rsplit("/", 2)[0] + "/"
    earlier = [each for each in _keys(bucket, folder, s3) if each.endswith(REPORT) and each < key]
    for each in sorted(earlier, reverse=True):
        try:
            return each, findings(_read(s3, bucket, each))
        except ValueError:
            continue  # it had its own message when it came
    return None


def _keys(bucket: str, prefix: str, s3: S3) -> Iterator[str]:
    given = {"Bucket": bucket, "Prefix": prefix}
    while True:
        page = s3.list_objects_v2(**given)
        yield from (each["Key"] for each in cast("list[dict[str, str]]", page.get("Contents", [])))
        if not page.get("IsTruncated"):
            return
        given["ContinuationToken"] = cast("str", page["NextContinuationToken"])


def _read(s3: S3, bucket: str, key: str) -> bytes:
    return cast("Body", s3.get_object(Bucket=bucket, Key=key)["Body"]).read()


def _day(time: str) -> date:
    """Return the day of a report's folder, e.g. `2026-11-25T03-12-00Z`."""
    return date.fromisoformat(time[:10])


def read_settings(environ: Mapping[str, str], ignored: str) -> Settings:
    """Return what the function is told: by variables, and by the list that came with its code."""
    entries = cast("Sequence[dict[str, str]]", json.loads(ignored))
    return Settings(
        topic_arn=environ["TOPIC_ARN"],
        least_risk=RISKS.index(environ["LEAST_RISK"]),
        ignored=[
            Ignored(
                rule=entry["rule"],
                until=date.fromisoformat(entry["until"]),
                service=entry.get("service", ""),
                path=entry.get("path", ""),
            )
            for entry in entries
        ],
    )


def handler(event: Json, _context: object) -> None:
    """Be called by Lambda."""
    boto3: Any = import_module("boto3")  # Lambda's own
    settings = read_settings(os.environ, Path("ignored.json").read_text())
    compare(event, boto3.client("s3"), boto3.client("sns"), settings)
