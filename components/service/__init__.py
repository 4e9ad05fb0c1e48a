"""FastAPI services and workers on the cluster, and the namespace they run in."""

from components.service.args import FastApiServiceArgs
from components.service.component import FastApiService
from components.service.namespace import ServiceNamespace, ServiceNamespaceSpec
from components.service.namespace_args import ServiceNamespaceArgs
from components.service.plan import FastApiServicePlan, plan_fastapi_service
from components.service.services import callees, service_problems
from components.service.spec import FastApiServiceSpec
from components.service.worker import Worker
from components.service.worker_args import WorkerArgs
from components.service.worker_plan import WorkerPlan, plan_worker
from components.service.worker_spec import WorkerSpec

__all__ = [
    "FastApiService",
    "FastApiServiceArgs",
    "FastApiServicePlan",
    "FastApiServiceSpec",
    "ServiceNamespace",
    "ServiceNamespaceArgs",
    "ServiceNamespaceSpec",
    "Worker",
    "WorkerArgs",
    "WorkerPlan",
    "WorkerSpec",
    "callees",
    "plan_fastapi_service",
    "plan_worker",
    "service_problems",
]
