"""The server of a service: uvicorn that stops without losing a request."""

import asyncio
import signal
from types import FrameType

import structlog
import uvicorn
from fastapi import FastAPI

from platform_runtime.app import Runtime
from platform_runtime.settings import HttpSettings

log = structlog.stdlib.get_logger("server")


class DrainingServer(uvicorn.Server):
    """Turns unready at SIGTERM, serves on while the endpoints are updated, then stops.

    A second signal stops at once. So does SIGINT: a person waits for it.
    """

    def __init__(self, config: uvicorn.Config, runtime: Runtime) -> None:
        super().__init__(config)
        self._runtime = runtime
        self._draining = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Handle a signal."""
        if sig != signal.SIGTERM or self._draining:
            super().handle_exit(sig, frame)
            return
        self._draining = True
        self._runtime.health.drain()
        seconds = self._runtime.settings.http.drain_seconds
        log.info("draining", seconds=seconds)
        # uvicorn's handler runs in the main thread between two steps of the loop
        asyncio.get_running_loop().call_later(seconds, super().handle_exit, sig, frame)


def serve(app: FastAPI) -> None:
    """Serve an application of `create_app` until it is told to stop."""
    runtime: Runtime = app.state.runtime
    DrainingServer(server_config(app, runtime.settings.http), runtime).run()


def server_config(app: FastAPI, http: HttpSettings) -> uvicorn.Config:
    """Return uvicorn's settings."""
    return uvicorn.Config(
        app,
        host=http.host,
        port=http.port,
        log_config=None,  # `configure_logging` has done it
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the client's address in logs is the proxy's; never a forged one
        timeout_keep_alive=http.keep_alive_seconds,
        timeout_graceful_shutdown=http.grace_seconds,
    )
