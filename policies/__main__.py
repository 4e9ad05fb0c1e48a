"""Serves the pack to the engine; called by a person, runs the commands of `policies/command.py`.

The engine runs this directory, under whatever name, with `python -m pulumi.policy ADDRESS …`.
"""

import importlib.util
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

ADDRESS = re.compile(r"\S+:\d+")
"""Of the engine, which is its first argument."""


def stand_alone() -> None:
    """Have the modules found as `policies.x` only: one copy of each, whatever the folder's name.

    Nor may one of ours hide a module of the same name, as it would with the folder on the path.
    """
    sys.path[:] = [path for path in sys.path if Path(path).resolve() != HERE]
    if "policies" in sys.modules:
        return
    init = HERE / "__init__.py"
    spec = importlib.util.spec_from_file_location(
        "policies", init, submodule_search_locations=[str(HERE)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"no package in {HERE}")
    module = importlib.util.module_from_spec(spec)
    sys.modules["policies"] = module
    spec.loader.exec_module(module)


stand_alone()

if len(sys.argv) > 1 and ADDRESS.fullmatch(sys.argv[1]):
    from policies.pack import NAME, POLICIES
    from policies.server import serve

    serve(NAME, POLICIES)
else:
    from policies.command import main

    sys.exit(main())
