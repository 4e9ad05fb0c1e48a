"""A stand-in for Elasticsearch, which no registry here has: the few calls that `Search` makes.

It checks nothing that Elasticsearch checks, ranks nothing, and keeps documents in memory. What it
shows is that our client speaks the protocol, and what services do when search is slow or down.
"""

import sys
from collections.abc import Mapping
from typing import cast

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Document = dict[str, object]
INDEXES: dict[str, dict[str, Document]] = {}


def _answer(body: Mapping[str, object], status: int = 200) -> Response:
    # the client asks for this header, and for its media type
    headers = {"X-Elastic-Product": "Elasticsearch"}
    media_type = "application/vnd.elasticsearch+json;compatible-with=9"
    return JSONResponse(body, status, headers, media_type)


async def info(_: Request) -> Response:
    """Say who it is."""
    version = {"number": "9.0.0", "build_flavor": "default"}
    return _answer({"name": "stand-in", "version": version, "tagline": "You Know, for Search"})


async def get(request: Request) -> Response:
    """Return a document."""
    key = request.path_params["key"]
    found = INDEXES.get(request.path_params["index"], {}).get(key)
    body = {"_id": key, "found": found is not None, "_source": found}
    return _answer(body, 200 if found else 404)


async def put(request: Request) -> Response:
    """Store a document."""
    key = request.path_params["key"]
    INDEXES.setdefault(request.path_params["index"], {})[key] = await request.json()
    return _answer({"_id": key, "result": "updated"})


async def find(request: Request) -> Response:
    """Return documents that have all the words, in the order of one field."""
    index = INDEXES.get(request.path_params["index"])
    if index is None:
        return _answer({"error": {"type": "index_not_found_exception"}, "status": 404}, 404)
    body = cast("Document", await request.json())
    field = next(iter(cast("list[dict[str, str]]", body["sort"])[0])).removesuffix(".keyword")
    after = cast("list[str] | None", body.get("search_after"))
    rows = sorted(
        (document for document in index.values() if _matches(document, body)),
        key=lambda document: str(document[field]),
    )
    rows = [row for row in rows if not after or str(row[field]) > after[0]]
    hits = [{"_source": row, "sort": [row[field]]} for row in rows[: int(str(body["size"]))]]
    return _answer({"hits": {"hits": hits}})


def _matches(document: Document, body: Document) -> bool:
    query = cast("dict[str, dict[str, str]]", body["query"])
    words = query.get("multi_match", {}).get("query", "").lower().split()
    text = f"{document.get('name')} {document.get('description')}".lower().split()
    return all(word in text for word in words)


app = Starlette(
    routes=[
        Route("/", info),
        Route("/{index}/_doc/{key}", get),
        Route("/{index}/_doc/{key}", put, methods=["PUT"]),
        Route("/{index}/_search", find, methods=["POST"]),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
