"""Makes hypothesis fast under pytest's assertion hook."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder


class _AsItIs:
    """Imports hypothesis without pytest's rewriting of assertions.

    pytest rewrites the modules of its plugins too, hypothesis among them. With
    `enable_assertion_pass_hook` each of their many inner assertions would then be explained in
    words, which made these tests ten times as slow.
    """

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        del target
        return PathFinder.find_spec(name, path) if name.startswith("hypothesis") else None


sys.meta_path.insert(0, _AsItIs)
