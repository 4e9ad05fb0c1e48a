"""The services of the workspace, found and not listed: a new one needs no line here.

A service is a member of the workspace with a module `app`, whose `make_app(settings)` gives the
application; a function has a module `handler`, too.
"""

import tomllib
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import cast, get_type_hints

from fastapi import FastAPI

from local.process import ROOT
from platform_runtime.settings import Settings

LIBRARY = "runtime"
STARTER = "starter"
"""What `make new-service` copies; no stack runs it."""


def members() -> Sequence[str]:
    """Return the names of all services and functions, as the workspace has them."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text())
    listed = cast("Sequence[str]", content["tool"]["uv"]["workspace"]["members"])
    return [name for name in listed if name != LIBRARY]


def services() -> Sequence[str]:
    """Return those that stacks run as services."""
    return tuple(
        name
        for name in members()
        if name != STARTER and not (ROOT / name / "src" / module(name) / "handler.py").exists()
    )


def module(name: str) -> str:
    """Return a service's module, e.g. `billing_api` of `billing-api`."""
    return name.replace("-", "_")


def settings_of(name: str) -> type[Settings]:
    """Return the class of a service's settings."""
    return cast("type[Settings]", get_type_hints(_maker(name))["settings"])


def application(name: str, settings: Settings) -> FastAPI:
    """Return a service's application."""
    return _maker(name)(settings)


def _maker(name: str) -> Callable[[Settings], FastAPI]:
    return cast("Callable[[Settings], FastAPI]", import_module(f"{module(name)}.app").make_app)
