"""Requests as API Gateway's HTTP API hands them to a Lambda function."""

from collections.abc import Mapping


def event(
    path: str, headers: Mapping[str, str] | None = None, query: str = ""
) -> dict[str, object]:
    """Return a GET request, in the payload format 2.0.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"host": "api.example.com", **(headers or {})},
        "requestContext": {
            "http": {"method": "GET", "path": path, "sourceIp": "192.0.2.1"},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }


CALL = """
import json, sys, time
began = time.perf_counter()
from spending.handler import handler
ready = time.perf_counter()
answers, ends = [], []
for event in json.load(sys.stdin):
    answers.append(handler(event, None))
    ends.append(time.perf_counter())
print(json.dumps({"answers": answers, "times": [began, ready, *ends]}), file=sys.stderr)
"""
"""A process that does what Lambda does: import the handler, then call it with each event."""
