"""Serves the pack to the engine, which runs this directory with `python -m pulumi.policy`."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# Modules are imported as `policies.x` only, as everywhere else: one copy of each, and no chance
# that one of ours hides a module of the same name.
sys.path[:] = [str(HERE.parent), *(p for p in sys.path if Path(p).resolve() != HERE)]

from policies.pack import NAME, POLICIES  # noqa: E402 - needs the path above
from policies.server import serve  # noqa: E402

serve(NAME, POLICIES)
