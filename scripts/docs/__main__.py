"""`python -m scripts.docs`: write the generated pages, remove those of what is gone."""

from scripts.docs.pages import REFERENCE, pages


def main() -> None:
    """Write docs/reference/."""
    made = {REFERENCE / path: text for path, text in pages().items()}
    for path in REFERENCE.rglob("*.md"):
        if path not in made:
            path.unlink()
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"wrote {len(made)} pages to {REFERENCE}")  # noqa: T201 - a command's output


if __name__ == "__main__":
    main()
