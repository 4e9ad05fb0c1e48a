"""ECR repositories from configuration, caches of public registries, and who may pull and push."""

from components.registry.access import (
    cached_pull_statements,
    pull_statements,
    push_statements,
)
from components.registry.args import RegistryArgs
from components.registry.component import Registry
from components.registry.plan import RegistryPlan, plan_registry
from components.registry.spec import RegistrySpec

__all__ = [
    "Registry",
    "RegistryArgs",
    "RegistryPlan",
    "RegistrySpec",
    "cached_pull_statements",
    "plan_registry",
    "pull_statements",
    "push_statements",
]
