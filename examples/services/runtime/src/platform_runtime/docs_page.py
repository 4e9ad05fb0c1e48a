"""The page that shows the API, under a content security policy of its own."""

import base64
import hashlib
import re

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.requests import Request
from starlette.responses import HTMLResponse

CDN = "https://cdn.jsdelivr.net"
SWAGGER_UI = f"{CDN}/npm/swagger-ui-dist@5.35.0"
"""Pinned: the page may load this release only (2026-11)."""


def install(app: FastAPI) -> None:
    """Serve `/docs`: its own inline script by hash, Swagger UI from its one place, no other."""
    page = get_swagger_ui_html(
        openapi_url=app.openapi_url or "/openapi.json",
        title=app.title,
        swagger_js_url=f"{SWAGGER_UI}/swagger-ui-bundle.js",
        swagger_css_url=f"{SWAGGER_UI}/swagger-ui.css",
        swagger_favicon_url="data:,",
    )
    html = bytes(page.body).decode()
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {SWAGGER_UI}/ {' '.join(_hashes(html))}",
            f"style-src {SWAGGER_UI}/ 'unsafe-inline'",  # Swagger UI sets styles by script
            "img-src data:",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )

    async def docs(_: Request) -> HTMLResponse:
        return HTMLResponse(html, headers={"content-security-policy": policy})

    app.add_route("/docs", docs, include_in_schema=False)


def _hashes(html: str) -> list[str]:
    scripts = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
