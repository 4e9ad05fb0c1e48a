"""Which files CI is made of, and what runs in them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
COPIED = [ROOT / "examples" / "policies-ci" / "github-actions.yml"]
"""Workflows for other repositories."""

GITLAB = [
    ROOT / "examples" / "ci" / "gitlab-ci.yml",
    ROOT / "examples" / "policies-ci" / "gitlab-ci.yml",
]
PRE_COMMIT = ROOT / ".pre-commit-config.yaml"

EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")

Json = dict[str, object]


@dataclass(frozen=True)
class Step:
    """One shell script of a workflow, and the variables that it has."""

    place: str
    """File, job and name, for people."""
    script: str
    env: Mapping[str, str]


def load(path: Path) -> Json:
    """Return a file; `on`, which YAML 1.1 takes for true, by its name."""
    content = cast("dict[str | bool, object]", yaml.safe_load(path.read_text()))
    return {"on" if key is True else str(key): value for key, value in content.items()}


def jobs(path: Path) -> Mapping[str, Json]:
    """Return a GitHub workflow's jobs; of an action, what it runs."""
    content = load(path)
    return cast("Mapping[str, Json]", content.get("jobs") or {"runs": content["runs"]})


def steps(path: Path) -> Iterator[Step]:
    """Give each shell script of a GitHub file."""
    common = _texts(load(path).get("env"))
    for name, job in jobs(path).items():
        of_job = {**common, **_texts(job.get("env"))}
        for number, step in enumerate(cast("Sequence[Json]", job.get("steps", []))):
            if "run" in step:
                title = step.get("name") or step.get("id") or number
                env = {**of_job, **_texts(step.get("env"))}
                yield Step(
                    f"{path.parent.name}/{path.name}: {name}: {title}", str(step["run"]), env
                )


def uses(path: Path) -> Iterator[str]:
    """Give what each `uses:` of a GitHub file names, with the comment behind it."""
    for line in path.read_text().splitlines():
        found = re.match(r"\s*(?:- )?uses: (.+)", line)
        if found:
            yield found[1]


def gitlab_scripts(path: Path) -> Iterator[Step]:
    """Give the whole script of each job of a GitLab file, what comes before it too."""
    content = load(path)
    jobs = {name: cast("Json", job) for name, job in content.items() if isinstance(job, dict)}
    for name, job in jobs.items():
        if "script" in job or "extends" in job:
            base = jobs.get(str(job.get("extends")), {})
            base = {**jobs.get(str(base.get("extends")), {}), **base}
            before = job.get("before_script", base.get("before_script", []))
            script = job.get("script", base.get("script", []))
            lines = [*cast("Sequence[str]", before), *cast("Sequence[str]", script)]
            env = {**_texts(content.get("variables")), **_texts(job.get("variables"))}
            yield Step(f"{path.parent.name}/{path.name}: {name}", "\n".join(lines), env)


def _texts(values: object) -> dict[str, str]:
    return {key: str(value) for key, value in cast("Json", values or {}).items()}
