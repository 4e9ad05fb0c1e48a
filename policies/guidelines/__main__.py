"""Writes docs/guidelines.md: `python -m policies.guidelines`."""

from policies.guidelines.page import PAGE, rendered

PAGE.write_text(rendered(), encoding="utf-8")
