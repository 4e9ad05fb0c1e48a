"""Traces: collectors that sample whole traces, and where the traces are kept."""

from components.tracing.args import TraceBackend, TracingArgs
from components.tracing.component import Tracing
from components.tracing.plan import TracingPlan, plan_tracing
from components.tracing.spec import TracingSpec

__all__ = [
    "TraceBackend",
    "Tracing",
    "TracingArgs",
    "TracingPlan",
    "TracingSpec",
    "plan_tracing",
]
