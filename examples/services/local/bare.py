"""The catalog's routes on a bare FastAPI application, to measure against."""

import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import uvicorn
from fastapi import FastAPI

from catalog.app import CatalogSettings
from catalog.routes import Resources, router
from platform_runtime.cache import Cache, make_redis
from platform_runtime.search import Search


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
    """Open the same clients."""
    settings = CatalogSettings()  # pyright: ignore[reportCallIssue] - from the environment
    redis = make_redis(settings.cache)
    cache = Cache(redis, settings.cache, prefix="catalog:")
    app.state.resources = Resources(cache, Search(settings.search))
    yield


app = FastAPI(lifespan=lifespan, telemetry={"tracing": False, "metrics": False, "logs": False})
app.include_router(router)

if __name__ == "__main__":
    port = int(os.environ["HTTP_PORT"])
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False, log_level="warning")
    sys.exit()
