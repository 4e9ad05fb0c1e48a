"""What ZAP is given for a scan from outside: each public service, as far as requests only read."""

import json
from pathlib import Path

from components._base.errors import InvalidInput, Problem
from components.scans.runner.scan import restricted
from stacks.loading import load_stack

DOCUMENTS = Path(__file__).resolve().parents[1] / "examples" / "services" / "openapi"


def write_documents(stack: str, url: str, folder: Path, documents: Path = DOCUMENTS) -> list[Path]:
    """Write `SERVICE.openapi.json` for each public service of a stack; return the files.

    :param url: of the API as the world has it, e.g. `https://api.example.com`.
    :raises InvalidInput: for a service without a document, or one that nobody may only read.
    """
    public = [name for name, spec in load_stack(stack).services.items() if spec.public]
    found: dict[Path, str] = {}
    problems: list[Problem] = []
    for name in public:
        source = documents / f"{name}.json"
        try:
            document = restricted(source.read_bytes(), everything=False)
        except OSError:
            problems.append(Problem(name, f"there is no {source}"))
        except ValueError as error:
            problems.append(Problem(name, f"{source}: {error}"))
        else:
            document["servers"] = [{"url": url}]
            found[folder / f"{name}.openapi.json"] = json.dumps(document)
    if problems:
        raise InvalidInput(f"the OpenAPI documents of stack '{stack}'", problems)
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in found.items():
        path.write_text(text)
    return list(found)
