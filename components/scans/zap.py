"""The plan that ZAP's Automation Framework follows for one service.

https://www.zaproxy.org/docs/automate/automation-framework/ (2026-11)
"""

import re
from collections.abc import Mapping

from components.scans.args import ScanRisk
from components.scans.runner.scan import REPORTS
from components.scans.spec import SecurityScansSpec

IMAGE, VERSION = "ghcr.io/zaproxy/zaproxy", "2.17.0"
"""https://www.zaproxy.org/docs/docker/about/, https://github.com/zaproxy/zaproxy/pull/9129
(2026-11). Its user is 1000; with the AWS CLI it has Python and botocore."""

WORK, CONFIG = "/zap/wrk", "/etc/scan"

TEMPLATES = {
    "report.html": "traditional-html",
    "report.sarif.json": "sarif-json",
    "report.json": "traditional-json",
}
"""https://www.zaproxy.org/docs/desktop/addons/report-generation/templates/ (2026-11)"""

SPIDER_MINUTES = 2
FAILED = 3
"""Exit status for findings; 1 is ZAP's own, for a plan that could not be followed."""

Json = Mapping[str, object]


def automation(service: str, url: str, spec: SecurityScansSpec) -> Json:
    """Return the plan: read the API's document, look around, report.

    :param url: of the service, as the outside world has it.
    """
    base = url.rstrip("/")
    context: Json = {
        "name": service,
        "urls": [base],
        # nothing but the service, wherever links lead
        "includePaths": [f"{re.escape(base)}.*"],
    }
    jobs = [
        _job("passiveScan-config", maxAlertsPerRule=10, scanOnlyInScope=True, enableTags=False),
        {
            **_job("openapi", apiFile=f"{WORK}/openapi.json", targetUrl=base, context=service),
            # a document of which nothing could be used is no good news
            "tests": [
                {
                    "type": "stats",
                    "name": "operations of the document",
                    "statistic": "openapi.urls.added",
                    "operator": ">",
                    "value": 0,
                    "onFail": "error",
                }
            ],
        },
        _job(
            "spider",
            context=service,
            url=base,
            maxDuration=SPIDER_MINUTES,
            # links only: forms change things
            processForm=False,
            postForm=False,
        ),
        _job("passiveScan-wait", maxDuration=spec.max_minutes // 3),
        *_attacks(service, spec),
        *(
            _job("report", template=template, reportDir=WORK, reportFile=name, reportTitle=service)
            for name, template in TEMPLATES.items()
            if name in REPORTS
        ),
        *_status(spec.fail_from),
    ]
    parameters = {"failOnError": True, "failOnWarning": False, "progressToStdout": True}
    return {"env": {"contexts": [context], "parameters": parameters}, "jobs": jobs}


def _job(kind: str, **parameters: object) -> dict[str, object]:
    return {"type": kind, "name": kind, "parameters": parameters}


def _attacks(service: str, spec: SecurityScansSpec) -> list[Json]:
    if not spec.active:
        return []
    return [_job("activeScan", context=service, maxScanDurationInMins=spec.max_minutes // 2)]


def _status(fail_from: ScanRisk | None) -> list[Json]:
    if fail_from is None:
        return []
    level = fail_from.value.capitalize()
    return [_job("exitStatus", errorLevel=level, errorExitValue=FAILED)]
