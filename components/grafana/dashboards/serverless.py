"""Lambda functions behind API Gateway, by CloudWatch and YACE.

https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html (2026-11).
"""

from components.grafana.dashboards.cloudwatch import dimension, exported
from components.grafana.dashboards.model import Dashboard, Panel, Query, Row, Unit
from components.grafana.dashboards.promql import ratio
from components.grafana.dashboards.shapes import (
    ANY_IS_BAD,
    PLATFORM,
    Around,
    bad_above,
    chosen,
    series,
)

UID = "serverless"
LAMBDA, GATEWAY = "AWS/Lambda", "AWS/ApiGateway"
FUNCTION, API = dimension("FunctionName"), dimension("ApiId")
SELECTED = f'{{{FUNCTION}=~"$function"}}'
EACH = f"{{{{{FUNCTION}}}}}"


def serverless(around: Around) -> Dashboard:
    """Return the dashboard of what runs without a cluster."""
    del around
    calls = exported(LAMBDA, "Invocations", "Sum")
    return Dashboard(
        UID,
        "Serverless",
        "Lambda functions and their HTTP APIs: calls, failures, durations, and limits.",
        PLATFORM,
        (Row("Functions", _functions()), Row("HTTP APIs", _apis())),
        tags=("platform",),
        variables=(chosen("function", "Function", calls, FUNCTION),),
    )


def _sum(metric: str, statistic: str = "Sum") -> str:
    return f"sum by ({FUNCTION}) ({exported(LAMBDA, metric, statistic)}{SELECTED})"


def _functions() -> tuple[Panel, ...]:
    return (
        series("Calls", "In a minute.", Unit.COUNT, Query(_sum("Invocations"), EACH)),
        series(
            "Errors",
            "Part of the calls that ended in an exception or by the time limit.",
            Unit.RATIO,
            Query(ratio(_sum("Errors"), _sum("Invocations")), EACH),
            thresholds=bad_above(0.001, 0.01),
        ),
        series(
            "Duration, 99 %",
            "Milliseconds that 99 % of the calls stay below.",
            Unit.MILLISECONDS,
            Query(f"max by ({FUNCTION}) ({exported(LAMBDA, 'Duration', 'p99')}{SELECTED})", EACH),
        ),
        series(
            "Throttled",
            "Calls in a minute that found no room: reserved or account-wide concurrency.",
            Unit.COUNT,
            Query(_sum("Throttles"), EACH),
            thresholds=ANY_IS_BAD,
        ),
        series(
            "At the same time",
            "Calls; 1,000 in the account and region unless AWS was asked for more.",
            Unit.COUNT,
            Query(_sum("ConcurrentExecutions", "Maximum"), EACH),
        ),
        series(
            "Events that were lost",
            "Calls in a minute of which not even the record of the failure could be sent.",
            Unit.COUNT,
            Query(_sum("DestinationDeliveryFailures"), f"destination {EACH}"),
            Query(_sum("DeadLetterErrors"), f"dead letters {EACH}"),
            thresholds=ANY_IS_BAD,
        ),
    )


def _apis() -> tuple[Panel, ...]:
    def total(metric: str) -> str:
        return f"sum by ({API}) ({exported(GATEWAY, metric, 'Sum')})"

    each = f"{{{{{API}}}}}"
    whole, inside = (
        f"max by ({API}) ({exported(GATEWAY, name, 'p99')})"
        for name in ("Latency", "IntegrationLatency")
    )
    return (
        series("Requests", "In a minute.", Unit.COUNT, Query(total("Count"), each)),
        series(
            "Errors",
            "Part of the requests: 5xx, and 4xx, which callers have made.",
            Unit.RATIO,
            Query(ratio(total("5xx"), total("Count")), f"5xx {each}"),
            Query(ratio(total("4xx"), total("Count")), f"4xx {each}"),
            thresholds=bad_above(0.01, 0.05),
        ),
        series(
            "Duration, 99 %",
            "Milliseconds: the whole request, and the function's part.",
            Unit.MILLISECONDS,
            Query(whole, f"whole {each}"),
            Query(inside, f"function {each}"),
        ),
    )
