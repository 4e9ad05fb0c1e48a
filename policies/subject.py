"""The resource that a policy looks at: its properties by path, and the policy's settings.

During a preview some values are not known yet. Reading one gives the `UnknownValueError` itself as
the value, so that a check goes on with what is known and reports the rest as undecided.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from pulumi_policy import ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

Settings = Mapping[str, object]
"""A policy's configuration by camelCase key, defaults filled in."""


@dataclass(frozen=True)
class Value:
    """What stands at one path: None when nothing does, an `UnknownValueError` when undecided."""

    path: str
    content: object


@dataclass(frozen=True)
class Subject:
    """One resource, as far as it is known."""

    type: str
    name: str
    properties: Mapping[str, object]
    """Inputs by camelCase name."""
    provider: Mapping[str, object] = field(default_factory=dict[str, object])
    """Inputs of the resource's provider."""
    settings: Settings = field(default_factory=dict[str, object])
    protected: bool = False
    """Pulumi refuses to delete it."""
    urn: str = ""
    refers: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """URNs of the resources that each property is made of, by the property; stack policies have
    them, as far as the engine or the file says so."""

    @classmethod
    def of(
        cls,
        args: ResourceValidationArgs,
        defaults: Settings,
        properties: Mapping[str, object] | None = None,
    ) -> "Subject":
        """Read what the engine passed. Settings it left out take their defaults.

        :param properties: another view of the inputs.
        """
        return cls(
            type=args.resource_type,
            name=args.name,
            properties=args.props if properties is None else properties,
            provider=args.provider.props if args.provider else {},
            settings={**defaults, **args.get_config()},
            protected=args.opts.protect,
        )

    def each(self, path: str) -> Iterator[Value]:
        """Give the value at `path`, or all of them where it names a list: `disks[].encrypted`.

        An absent list gives nothing; an absent property gives None.
        """
        yield from _walk(self.properties, path.split("."), "")

    def get(self, path: str) -> object:
        """Return the one value at `path`, which goes through no list."""
        return next(self.each(path)).content

    def number(self, setting: str) -> int:
        """Return a whole number of the policy's settings (JSON gives them as floats)."""
        return int(cast("float", self.settings[setting]))

    def flag(self, setting: str) -> bool:
        """Return a boolean of the policy's settings."""
        return bool(self.settings[setting])

    def texts(self, setting: str) -> tuple[str, ...]:
        """Return a list of strings of the policy's settings."""
        return tuple(cast("Sequence[str]", self.settings[setting]))


def item(holder: object, key: str | int) -> object:
    """Return what a mapping or list has at `key`: None if nothing, the error itself if unknown."""
    if isinstance(holder, UnknownValueError):
        return holder
    try:
        return cast("Mapping[str | int, object]", holder)[key]
    except UnknownValueError as error:
        return error
    except (KeyError, IndexError, TypeError):  # absent, or the holder is a plain value
        return None


def items(content: object) -> Iterator[object]:
    """Give the items of a list, unknown ones as `UnknownValueError`; nothing if it is no list.

    A list of which nothing is known gives one item, the error.
    """
    if isinstance(content, UnknownValueError):
        yield content
    elif isinstance(content, Sequence) and not isinstance(content, str):
        listed = cast("Sequence[object]", content)
        for index in range(len(listed)):
            yield item(listed, index)


def entries(content: object) -> Iterator[tuple[str, object]]:
    """Give the entries of a mapping, unknown values as `UnknownValueError`."""
    if isinstance(content, Mapping):
        mapped = cast("Mapping[str, object]", content)
        for key in mapped:
            yield key, item(mapped, key)


def _walk(holder: object, steps: Sequence[str], path: str) -> Iterator[Value]:
    if not steps or holder is None or isinstance(holder, UnknownValueError):
        yield Value(".".join([path, *steps]).strip("."), holder)
        return
    step, rest = steps[0], steps[1:]
    key = step.removesuffix("[]")
    here = f"{path}.{key}" if path else key
    content = item(holder, key)
    if key == step:
        yield from _walk(content, rest, here)
    elif isinstance(content, UnknownValueError):
        yield Value(".".join([f"{here}[]", *rest]), content)
    else:
        for index, each in enumerate(items(content)):
            yield from _walk(each, rest, f"{here}[{index}]")
