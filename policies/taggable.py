"""Which AWS types can be tagged, from the SDK's own annotations.

The list is kept in a file, as reading it from the SDK takes seconds that every preview would pay.
`python -m policies.taggable` writes it anew after an update of pulumi-aws; a test compares.
"""

import importlib.metadata
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

LIST = Path(__file__).with_name("taggable-aws-types.txt")

_TOKEN = re.compile(r'^@pulumi\.type_token\("(aws:[^"]+)"\)', re.MULTILINE)
# Tags are an optional map of strings, or of key-value objects (auto scaling groups). Whatever else
# is called `tags` selects other resources by theirs.
_TAGS = re.compile(
    r"^    def tags\(self\) -> pulumi\.Input\[Optional\[(?:"
    r"Mapping\[str, pulumi\.Input\[_builtins\.str\]\]|Sequence\[pulumi\.Input\['GroupTagArgs'\]\]"
    r")\]\]:",
    re.MULTILINE,
)


def taggable_types() -> frozenset[str]:
    """Return the type tokens of all AWS resources that take tags."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def rendered() -> str:
    """Return the file as it should be for the installed SDK."""
    version = importlib.metadata.version("pulumi-aws")
    header = f"# AWS types that take tags: pulumi-aws {version}, by `python -m policies.taggable`"
    return "\n".join([header, *sorted(_from_sdk())]) + "\n"


def _from_sdk() -> Iterator[str]:
    """Read the annotations as text: to import all 1,700 modules takes half a minute and 600 MB."""
    spec = importlib.util.find_spec("pulumi_aws")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("pulumi_aws is not installed")
    for module in Path(spec.origin).parent.rglob("*.py"):
        source = module.read_text(encoding="utf-8")
        token = _TOKEN.search(source)
        # the class of inputs comes first, the class of state lookups (`_XState`) after it
        inputs = source.partition("\nclass _")[0]
        if token and _TAGS.search(inputs):
            yield token[1]


if __name__ == "__main__":
    LIST.write_text(rendered(), encoding="utf-8")
