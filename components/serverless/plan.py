"""What a `ServerlessApi` will make, computed before anything is made."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.spec import read_spec
from components.serverless.args import ServerlessApiArgs, ServerlessTracing
from components.serverless.limits import ENVIRONMENT_BYTES
from components.serverless.spec import ServerlessApiSpec, ServerlessRouteSpec
from components.serverless.values import CATCH_ALL, variable_problem

QUEUE_VARIABLE = "BACKGROUND_QUEUE_URL"
OTLP_VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT"
NAME_VARIABLE = "SERVICE_NAME"
"""What both functions are told besides; the API alone is told of the queue."""

ARN_SUFFIX = "_ARN"
STORE_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
LAST_PORT = 65_535


@dataclass(frozen=True)
class FunctionPlan:
    """One of the two functions of the same code."""

    suffix: str
    """Of its name: `api` or `background`."""
    memory_mb: int
    timeout_seconds: int
    command: Sequence[str]
    """What an image runs; empty: its own CMD."""
    handler: str | None
    """What is called of a zip."""
    reserved_concurrency: int | None


@dataclass(frozen=True)
class ServerlessPlan:
    """An API and what comes with it, with nothing left to default."""

    spec: ServerlessApiSpec
    api: FunctionPlan
    background: FunctionPlan | None
    routes: Mapping[str, ServerlessRouteSpec]
    """By route key, with those that answer browsers' questions beforehand."""

    @property
    def needs_token(self) -> bool:
        """Whether any route does."""
        return any(not route.public for route in self.routes.values())


def plan_serverless(args: ServerlessApiArgs, owner: str = "ServerlessApi") -> ServerlessPlan:
    """Compute what `args` ask for.

    :param owner: who is speaking in an error.
    :raises InvalidInput: with every problem at once.
    """
    spec = read_spec(ServerlessApiSpec, ServerlessApiArgs, args, owner)
    problems = [*_wiring_problems(spec, args), *_variable_problems(spec, args)]
    if problems:
        raise InvalidInput(owner, problems)
    background = spec.background
    return ServerlessPlan(
        spec=spec,
        api=FunctionPlan(
            suffix="api",
            memory_mb=spec.memory_mb,
            timeout_seconds=spec.timeout_seconds,
            command=spec.command,
            handler=spec.zip.handler if spec.zip else None,
            reserved_concurrency=spec.reserved_concurrency,
        ),
        background=FunctionPlan(
            suffix="background",
            memory_mb=background.memory_mb,
            timeout_seconds=background.timeout_seconds,
            command=background.command,
            handler=background.handler,
            reserved_concurrency=background.reserved_concurrency,
        )
        if background
        else None,
        routes=dict(sorted({**_preflight(spec), **spec.routes}.items())),
    )


def _preflight(spec: ServerlessApiSpec) -> Mapping[str, ServerlessRouteSpec]:
    """Return routes for browsers' questions beforehand, which carry no token.

    API Gateway answers them, unless a route that needs a token takes OPTIONS too.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html (2026-11)
    """
    if spec.cors is None:
        return {}
    closed = [key for key, route in spec.routes.items() if not route.public]
    paths = {key.removeprefix("ANY ") for key in closed if key.startswith("ANY ")}
    if CATCH_ALL in closed:
        paths |= {"/", "/{proxy+}"}
    return {f"OPTIONS {path}": ServerlessRouteSpec(public=True) for path in paths}


def _wiring_problems(spec: ServerlessApiSpec, args: ServerlessApiArgs) -> Iterator[Problem]:
    given = {key for key, value in args.items() if value is not None}
    closed = any(not route.public for route in spec.routes.values())
    needs = {
        "repository_url": (spec.image is not None, "image"),
        "code_bucket": (spec.zip is not None, "zip"),
        "issuer": (closed, "routes that are not public"),
        "audiences": (closed, "routes that are not public"),
        "certificate_arn": (
            spec.domain_name is not None and "zone_id" not in given,
            "domain_name without zone_id",
        ),
        "otlp_endpoint": (spec.tracing is ServerlessTracing.OTLP, "tracing otlp"),
        "vpc_id": ("subnet_ids" in given, "subnet_ids"),
        "subnet_ids": ("stores" in given, "stores"),
    }
    for key, (needed, why) in needs.items():
        if needed and key not in given:
            yield Problem(key, f"is required by {why}")
    for store, where in sorted((args.get("stores") or {}).items()):
        if not STORE_NAME.fullmatch(store):
            yield Problem("stores", f"{store!r} is no short name of small letters, digits, hyphens")
        ports = where.get("ports") or ()
        if not ports or not all(1 <= port <= LAST_PORT for port in ports):
            yield Problem(f"stores.{store}.ports", f"one or more ports of 1 to {LAST_PORT} needed")
    if "zone_id" in given and spec.domain_name is None:
        yield Problem("zone_id", "is for domain_name, which is not given")


def _variable_problems(spec: ServerlessApiSpec, args: ServerlessApiArgs) -> Iterator[Problem]:
    values, secrets = args.get("values") or {}, args.get("secret_arns") or {}
    for name in sorted(values):
        wrong = variable_problem(name)
        if wrong:
            yield Problem("values", wrong)
    for name in sorted(secrets):
        if not name.endswith(ARN_SUFFIX) or variable_problem(name):
            yield Problem("secret_arns", f"{name!r} must be a variable's name and end in _ARN")
    for name in sorted(set(args.get("secret_key_arns") or {}) - set(secrets)):
        yield Problem("secret_key_arns", f"{name!r} is not in secret_arns")
    own = (NAME_VARIABLE, QUEUE_VARIABLE, OTLP_VARIABLE)
    names = [*spec.environment, *values, *secrets, *own]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        yield Problem("environment", f"set twice, or by the platform itself: {', '.join(twice)}")
    size = sum(len(f"{k}{v}".encode()) for k, v in spec.environment.items())
    size += sum(len(name.encode()) for name in (*values, *secrets))
    if size > ENVIRONMENT_BYTES:
        yield Problem(
            "environment", f"names and values have {size} bytes; {ENVIRONMENT_BYTES} allowed"
        )
