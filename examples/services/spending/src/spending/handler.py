"""The Lambda handler: an application as on the cluster, behind API Gateway's HTTP API.

The clients are opened once, when the environment starts, not with each request as Mangum's own
lifespan would; Lambda ends environments without a word, so there is nothing to close.
"""

import asyncio
from typing import cast

from mangum import Mangum
from mangum.types import LambdaContext, LambdaEvent

from spending.app import SpendingSettings, make_app

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)

app = make_app(SpendingSettings())  # pyright: ignore[reportCallIssue] - from the environment
lifespan = app.router.lifespan_context(app)
loop.run_until_complete(lifespan.__aenter__())

_answer = Mangum(app, lifespan="off")


def handler(event: LambdaEvent, context: LambdaContext) -> dict[str, object]:
    """Answer one request, then send its spans: Lambda freezes the process after it."""
    answer = cast("dict[str, object]", _answer(event, context))
    app.state.runtime.telemetry.flush()
    return answer
