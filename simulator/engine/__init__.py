"""The Pulumi engine that the embedded cloud runs on.

`pulumi_command()` gives a Pulumi CLI: the one on PATH when it is suitable, else the engine pinned
in `go.mod` beside this file, built once per machine and cached. `python -m simulator.engine` does
the same from a shell and prints the path.
"""

from simulator.engine.locate import pulumi_command

__all__ = ["pulumi_command"]
