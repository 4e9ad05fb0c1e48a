"""The few SVG elements that the drawings need; colours are classes of the page's CSS."""

from html import escape


def attributes(values: dict[str, object]) -> str:
    """Write attributes; `_` in a name stands for `-`, and `class_` for `class`."""
    named = ((key.rstrip("_").replace("_", "-"), value) for key, value in values.items())
    return "".join(f' {key}="{escape(str(value))}"' for key, value in named)


def element(name: str, content: str = "", /, **values: object) -> str:
    """Write one element with markup inside."""
    return f"<{name}{attributes(values)}>{content}</{name}>"


def text(content: str, x: float, y: float, class_: str, **values: object) -> str:
    """Write one line of text."""
    return element("text", escape(content), x=f"{x:.1f}", y=f"{y:.1f}", class_=class_, **values)


def rect(x: float, y: float, width: float, height: float, class_: str, **values: object) -> str:
    """Write a rectangle; its corners come from the CSS."""
    shown = {"x": x, "y": y, "width": width, "height": height}
    box: dict[str, object] = {key: f"{value:.1f}" for key, value in shown.items()}
    return element("rect", **box, class_=class_, **values)


def path(shape: str, class_: str, **values: object) -> str:
    """Write a line."""
    return element("path", d=shape, class_=class_, **values)


def drawing(content: str, width: float, height: float, label: str, **values: object) -> str:
    """Write the root, with a label for those who can't see it."""
    return element(
        "svg",
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_label=label,
        **values,
    )


def clipped(content: str, limit: int) -> str:
    """Cut a text that is too long for its place."""
    return content if len(content) <= limit else content[: limit - 1] + "…"
