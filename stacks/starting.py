"""The starting point of a new service: `examples/services/starter` under another name."""

import json
import keyword
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

SERVICES = Path(__file__).resolve().parents[1] / "examples" / "services"
STARTER = "starter"

NAME = re.compile(
    # its module, in an import, a command or a build's settings
    r"(?P<module>(?<=from )starter(?=\.)|(?<=python -m )starter\b"
    r'|(?<=module-name = ")starter(?="))'
    # its title, at the beginning of a text
    r'|(?P<title>(?<=")Starter\b)'
    r"|(?P<kind>Starter)|(?P<service>starter)"
)
"""Where the files of the starter have its names, and which."""


@dataclass(frozen=True)
class Names:
    """The names of a service."""

    service: str
    """In stack files, e.g. `billing-api`."""

    @property
    def module(self) -> str:
        """Of its Python package: `billing_api`."""
        return self.service.replace("-", "_")

    @property
    def kind(self) -> str:
        """In names of classes: `BillingApi`."""
        return "".join(part.capitalize() for part in self.service.split("-"))

    @property
    def title(self) -> str:
        """For people: `Billing api`."""
        return self.service.replace("-", " ").capitalize()

    def put_into(self, text: str) -> str:
        """Return a text of the starter as the service's."""
        return NAME.sub(lambda found: str(getattr(self, str(found.lastgroup))), text)


def name_problems(name: str, services: Path = SERVICES) -> Iterator[str]:
    """Give what speaks against a name for a package beside the others."""
    module = Names(name).module
    if keyword.iskeyword(module) or module in sys.stdlib_module_names:
        yield f"{module} is a name of Python's own"
    elif (services / name).exists() or (services / module).exists():
        yield f"there is {services.name}/{name}"
    elif name in _locked(services):
        yield f"{name} is the name of a package that the services use, see {services.name}/uv.lock"
    elif (services / "tests" / f"test_{module}.py").exists():
        yield f"there is {services.name}/tests/test_{module}.py"


def files(names: Names, services: Path = SERVICES) -> Mapping[Path, str]:
    """Return the files of a new service, by path in the folder of services, and what is in them."""
    starter = services / STARTER
    sources = [
        *(path for path in sorted(starter.rglob("*")) if path.is_file() and _kept(path, starter)),
        services / "tests" / f"test_{STARTER}.py",
    ]
    found = {_moved(path.relative_to(services), names): path.read_text() for path in sources}
    made = {path: names.put_into(text) for path, text in found.items()}
    document = json.loads(names.put_into((services / "openapi" / f"{STARTER}.json").read_text()))
    # other names are in another order
    text = json.dumps(document, indent=2, sort_keys=True) + "\n"
    return {**made, Path("openapi", f"{names.service}.json"): text}


def _kept(path: Path, starter: Path) -> bool:
    parts = path.relative_to(starter).parts
    return not any(
        part.startswith(".") or part.endswith((".egg-info", "__pycache__")) for part in parts
    )


def _moved(path: Path, names: Names) -> Path:
    first, *rest = path.parts
    new = [part.replace(STARTER, names.module) for part in rest]
    return Path(names.service if first == STARTER else first, *new)


def _locked(services: Path) -> set[str]:
    content = tomllib.loads((services / "uv.lock").read_text())
    return {
        str(package["name"]) for package in cast("list[Mapping[str, object]]", content["package"])
    }
