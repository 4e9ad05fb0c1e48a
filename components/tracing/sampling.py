"""Which traces are kept, decided when all of a trace is there."""

from collections.abc import Mapping

from components.tracing.spec import ServiceSamplingSpec, TraceSamplingSpec, TracingSpec

Policy = Mapping[str, object]

TRACES_PER_MIB = 32
"""Traces held in memory for each MiB of a collector's limit, so that traces of 16 KiB, some 15
spans, take half of it."""

DECISIONS = 100_000
"""Decisions remembered after a trace has left the memory, for spans that come late, e.g. of a
message that waited. 16 bytes each, and what the map takes."""

SERVICE = "service.name"

FAILED = (
    'Int(span.attributes["http.response.status_code"]) >= 500',
    'Int(span.attributes["http.status_code"]) >= 500',
)
"""Proxies don't set a span's status, and give the code as text; older ones by the older name."""


def tail_sampling(spec: TracingSpec) -> Mapping[str, object]:
    """Return the processor that decides on whole traces. A trace is kept if one policy says so."""
    sampling = spec.sampling
    return {
        "decision_wait": f"{sampling.decision_seconds}s",
        "num_traces": spec.memory_mib * TRACES_PER_MIB,
        "decision_cache": {"sampled_cache_size": DECISIONS, "non_sampled_cache_size": DECISIONS},
        "policies": list(policies(sampling)),
    }


def policies(sampling: TraceSamplingSpec) -> list[Policy]:
    """Return the policies: errors first, then each service with figures of its own, then the rest.

    A trace in which several such services take part is kept if the figures of one keep it.
    """
    found: list[Policy] = [
        {"name": "errors", "type": "status_code", "status_code": {"status_codes": ["ERROR"]}},
        {
            "name": "failed-requests",
            "type": "ottl_condition",
            "ottl_condition": {"error_mode": "ignore", "span": list(FAILED)},
        },
    ]
    rest = ServiceSamplingSpec(percent=sampling.percent, slow_millis=sampling.slow_millis)
    for name, service in sorted(sampling.services.items()):
        own = rest.model_copy(update=service.model_dump(exclude_none=True))
        found += [_both(name, _named([name]), each) for each in _figures(own)]
    others = _figures(rest)
    if sampling.services:
        unnamed = {
            "name": "none-of-these",
            "type": "not",
            "not": {"not_sub_policy": _named(sorted(sampling.services))},
        }
        return [*found, *(_both("rest", unnamed, each) for each in others)]
    return [*found, *others]


def _figures(service: ServiceSamplingSpec) -> list[Policy]:
    return [
        {"name": "slow", "type": "latency", "latency": {"threshold_ms": service.slow_millis}},
        {
            "name": "share",
            "type": "probabilistic",
            "probabilistic": {"sampling_percentage": service.percent},
        },
    ]


def _named(services: list[str]) -> Policy:
    return {
        "name": "service",
        "type": "string_attribute",
        "string_attribute": {"key": SERVICE, "values": services},
    }


def _both(name: str, one: Policy, other: Policy) -> Policy:
    return {
        "name": f"{name}-{other['name']}",
        "type": "and",
        "and": {"and_sub_policy": [one, other]},
    }
