"""The component package: what the Pulumi engine starts for programs in other languages."""

import os
import sys

# The engine starts this folder, so Python looks into it first, and would find `components.logging`
# for the `logging` of its own. The components are found from where the folder is.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120

from pulumi.provider import main  # noqa: E402 - Pulumi's own modules need that `logging`

from components._package.provider import PackageProvider  # noqa: E402 - not found before

if __name__ == "__main__":
    main(PackageProvider(), sys.argv[1:])
