"""FastAPI services, workers and scheduled jobs on the cluster, and the namespace they run in."""

from components.service.args import FastApiServiceArgs
from components.service.component import FastApiService
from components.service.job import ScheduledJob
from components.service.job_args import ScheduledJobArgs
from components.service.job_plan import ScheduledJobPlan, plan_scheduled_job
from components.service.job_spec import ScheduledJobSpec
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
    "ScheduledJob",
    "ScheduledJobArgs",
    "ScheduledJobPlan",
    "ScheduledJobSpec",
    "ServiceNamespace",
    "ServiceNamespaceArgs",
    "ServiceNamespaceSpec",
    "Worker",
    "WorkerArgs",
    "WorkerPlan",
    "WorkerSpec",
    "callees",
    "plan_fastapi_service",
    "plan_scheduled_job",
    "plan_worker",
    "service_problems",
]
