"""Scans one service with ZAP and keeps the reports: the program of a scan's container.

It runs in ZAP's image, which has Python and AWS' SDK (botocore, with the AWS CLI), and needs no
more than its standard library besides.
"""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

SAFE = frozenset({"get", "head", "options", "trace"})
"""Methods that change nothing: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.1."""

METHODS = SAFE | {"post", "put", "patch", "delete"}

REPORTS = {
    # the last one tells that all are there
    "report.html": "text/html",
    "report.sarif.json": "application/json",
    "report.json": "application/json",
}

WARNED = 2
"""ZAP's exit status for a plan that was followed, with warnings."""

Environ = Mapping[str, str]
Fetch = Callable[[Request], bytes]
Run = Callable[[Sequence[str], Environ], int]
Upload = Callable[[str, str, bytes, str], None]


def restricted(document: bytes, *, everything: bool) -> dict[str, object]:
    """Return an OpenAPI document without the operations that change something.

    ZAP sends a request for each operation that it reads, whatever it does.

    :raises ValueError: when it is none, or when nothing is left to be scanned.
    """
    found = cast("dict[str, Any]", json.loads(document))
    if "openapi" not in found or not found.get("paths"):
        raise ValueError("the OpenAPI document has no paths")
    kept = METHODS if everything else SAFE
    paths = {
        path: {key: value for key, value in item.items() if key in kept or key not in METHODS}
        for path, item in cast("dict[str, dict[str, object]]", found["paths"]).items()
    }
    found["paths"] = {path: item for path, item in paths.items() if METHODS & item.keys()}
    if not found["paths"]:
        raise ValueError("the OpenAPI document has no operation that may be called")
    return found


def token(environ: Environ, fetch: Fetch) -> str:
    """Return an access token (RFC 6749, section 4.4) of the client that scans."""
    login = f"{environ['CLIENT_ID']}:{environ['CLIENT_SECRET']}".encode()
    request = Request(  # noqa: S310 - https, as the identity has it
        environ["TOKEN_ENDPOINT"],
        data=b"grant_type=client_credentials",
        headers={
            "Authorization": f"Basic {base64.b64encode(login).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        },
    )
    return str(json.loads(fetch(request))["access_token"])


def scan(environ: Environ, *, fetch: Fetch, run: Run, upload: Upload, now: datetime) -> int:
    """Scan, upload the reports, and return ZAP's exit status, 0 with warnings.

    :raises ValueError: when the document is none, or ZAP has written no report.
    """
    work = Path(environ["WORK"])
    document = fetch(Request(environ["DOCUMENT_URL"]))  # noqa: S310 - within the cluster
    everything = environ["METHODS"] == "all"
    (work / "openapi.json").write_text(json.dumps(restricted(document, everything=everything)))

    zap = {name: value for name, value in environ.items() if not name.startswith("CLIENT_")}
    if "CLIENT_ID" in environ:
        zap["ZAP_AUTH_HEADER_VALUE"] = f"Bearer {token(environ, fetch)}"
        # to nobody else, whatever the scan comes across
        zap["ZAP_AUTH_HEADER_SITE"] = urlsplit(environ["TARGET_URL"]).hostname or ""
    heap = f"-Xmx{environ['HEAP_MIB']}m"  # by itself it takes a quarter of the node's memory
    command = ["/zap/zap.sh", "-cmd", "-silent", heap, "-dir", f"{environ['HOME']}/.ZAP"]
    status = run([*command, "-autorun", environ["PLAN"]], zap)

    missing = [name for name in REPORTS if not (work / name).is_file()]
    if missing:
        raise ValueError(f"ZAP ended with {status} and without {', '.join(missing)}")
    json.loads((work / "report.json").read_text())
    folder = f"{environ['PREFIX']}{now:%Y-%m-%dT%H-%M-%SZ}"
    for name, kind in REPORTS.items():
        upload(environ["BUCKET"], f"{folder}/{name}", (work / name).read_bytes(), kind)
    print(f"reports: s3://{environ['BUCKET']}/{folder}/")  # noqa: T201 - the pod's log
    return 0 if status == WARNED else status


def _fetch(request: Request) -> bytes:
    with urlopen(request, timeout=30) as answer:  # noqa: S310
        return cast("bytes", answer.read())


def _run(command: Sequence[str], environ: Environ) -> int:
    return subprocess.run(command, env=environ, check=False).returncode  # noqa: S603


def _upload(bucket: str, key: str, body: bytes, kind: str) -> None:
    botocore: Any = import_module("botocore.session")  # the image's
    client = botocore.get_session().create_client("s3")
    client.put_object(Bucket=bucket, Key=key, Body=body, ContentType=kind)


if __name__ == "__main__":
    sys.exit(scan(os.environ, fetch=_fetch, run=_run, upload=_upload, now=datetime.now(tz=UTC)))
