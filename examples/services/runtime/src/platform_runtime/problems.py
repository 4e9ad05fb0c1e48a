"""Errors as `application/problem+json` (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import cast

import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from platform_runtime.context import current

MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """What is wrong with one field."""

    path: str
    message: str


class ProblemBody(BaseModel):
    """An error, RFC 9457."""

    model_config = ConfigDict(json_schema_extra={"description": "An error, RFC 9457."})

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    request_id: str
    errors: list[FieldProblem] | None = None


class Problem(HTTPException):
    """An error that a service answers with.

    :param kind: last part of `type`, e.g. `out-of-stock`: clients tell errors apart by it.
    """

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        kind: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, detail, headers)
        self.kind = kind


class Unavailable(Problem):
    """Something that the request needs is down; the client may try again."""

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        headers = {"Retry-After": str(retry_after)}
        super().__init__(503, detail, kind="unavailable", headers=headers)


def problem_response(
    status: int,
    detail: str | None = None,
    *,
    kind: str | None = None,
    errors: Sequence[FieldProblem] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response of an error."""
    body = ProblemBody(
        type=f"urn:problem:{kind}" if kind else "about:blank",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=current().request_id,
        errors=list(errors) if errors else None,
    )
    return Response(
        orjson.dumps(body.model_dump(exclude_none=True)), status, headers, media_type=MEDIA_TYPE
    )


async def _on_http_error(_: Request, error: Exception) -> Response:
    error = cast("HTTPException", error)
    detail = error.detail if error.detail != HTTPStatus(error.status_code).phrase else None
    kind = error.kind if isinstance(error, Problem) else None
    return problem_response(error.status_code, detail, kind=kind, headers=error.headers)


async def _on_invalid(_: Request, error: Exception) -> Response:
    error = cast("RequestValidationError", error)
    found = cast("Sequence[Mapping[str, object]]", error.errors())
    errors = [
        FieldProblem(
            path=".".join(str(part) for part in cast("Sequence[object]", item["loc"])),
            message=str(item["msg"]),
        )
        for item in found
    ]
    return problem_response(422, "the request is not valid", kind="invalid", errors=errors)


def install(app: FastAPI) -> None:
    """Answer every error of `app` as a problem."""
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(RequestValidationError, _on_invalid)


DOCUMENTED: dict[int | str, dict[str, object]] = {
    "default": {
        "description": "An error",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemBody"}}},
    }
}
"""Responses that every operation has in the API's document."""
