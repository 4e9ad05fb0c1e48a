"""What a stack is before it exists: its diagram, its cost, who may do what, what is reachable.

`command.py` is the way in. Everything else is pure: a `Report` (`model.py`) is collected once from
the embedded engine, views are computed from it, and `html.py`, `markdown.py` and `archive.py` write
them.
"""
