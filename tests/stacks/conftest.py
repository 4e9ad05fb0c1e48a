"""The slower end-to-end checks use the same engine as those of tests/engine."""

from tests.engine.conftest import bench, local, pulumi_cli

__all__ = ["bench", "local", "pulumi_cli"]
