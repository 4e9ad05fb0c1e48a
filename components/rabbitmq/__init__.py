"""RabbitMQ on Amazon MQ: one node, or a cluster of three."""

from components.rabbitmq.args import RabbitMqArgs
from components.rabbitmq.component import RabbitMq
from components.rabbitmq.plan import RabbitMqPlan, plan_rabbitmq
from components.rabbitmq.spec import RabbitMqSpec

__all__ = ["RabbitMq", "RabbitMqArgs", "RabbitMqPlan", "RabbitMqSpec", "plan_rabbitmq"]
