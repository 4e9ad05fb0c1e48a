"""FastAPI services and workers on the cluster, and the namespace they run in."""

from components.service.args import FastApiServiceArgs
from components.service.component import FastApiService
from components.service.namespace import ServiceNamespace, ServiceNamespaceSpec
from components.service.namespace_args import ServiceNamespaceArgs
from components.service.plan import FastApiServicePlan, plan_fastapi_service
from components.service.services import callees, service_problems
from components.service.spec import FastApiServiceSpec

__all__ = [
    "FastApiService",
    "FastApiServiceArgs",
    "FastApiServicePlan",
    "FastApiServiceSpec",
    "ServiceNamespace",
    "ServiceNamespaceArgs",
    "ServiceNamespaceSpec",
    "callees",
    "plan_fastapi_service",
    "service_problems",
]
