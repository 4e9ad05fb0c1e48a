"""The environments: a file per stack, and the schema that every one of them is checked against."""

from stacks.loading import current_settings, load_settings, load_stack
from stacks.settings import Settings

__all__ = ["Settings", "current_settings", "load_settings", "load_stack"]
