"""A stand-in for the OpenTelemetry collector: it keeps spans, and `GET /spans` shows them."""

import gzip
import sys

import uvicorn
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

MOST = 10_000
SPANS: list[dict[str, str]] = []


async def take(request: Request) -> Response:
    """Keep the spans of one export."""
    body = await request.body()
    if request.headers.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    for group in ExportTraceServiceRequest.FromString(body).resource_spans:
        names = {a.key: a.value.string_value for a in group.resource.attributes}
        for scope in group.scope_spans:
            SPANS.extend(
                {
                    "service": names.get("service.name", ""),
                    "name": span.name,
                    "trace": span.trace_id.hex(),
                    "span": span.span_id.hex(),
                    "parent": span.parent_span_id.hex(),
                }
                for span in scope.spans
            )
    del SPANS[:-MOST]
    return Response(b"", media_type="application/x-protobuf")


async def show(_: Request) -> JSONResponse:
    """Return all spans."""
    return JSONResponse(SPANS)


app = Starlette(routes=[Route("/v1/traces", take, methods=["POST"]), Route("/spans", show)])

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
