"""FastAPI on Lambda behind an HTTP API, with a queue for work in the background."""

from components.serverless.access import enqueue_statements, take_statements
from components.serverless.args import ServerlessApiArgs
from components.serverless.component import ServerlessApi
from components.serverless.plan import ServerlessPlan, plan_serverless
from components.serverless.spec import ServerlessApiSpec

__all__ = [
    "ServerlessApi",
    "ServerlessApiArgs",
    "ServerlessApiSpec",
    "ServerlessPlan",
    "enqueue_statements",
    "plan_serverless",
    "take_statements",
]
