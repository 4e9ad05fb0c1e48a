"""`python -m components._package`: write the package's schema."""

import sys

from components._package.provider import PackageProvider
from components._package.schema import PATH


def main() -> int:
    """Write the schema, and return the exit code."""
    PATH.write_text(PackageProvider().documented, encoding="utf-8")
    print(f"wrote {PATH}")  # noqa: T201 - a command's output
    return 0


if __name__ == "__main__":
    sys.exit(main())
