"""`python -m catalog`: serve."""

from catalog.app import CatalogSettings, make_app
from platform_runtime.server import serve

if __name__ == "__main__":
    serve(make_app(CatalogSettings()))  # pyright: ignore[reportCallIssue] - from the environment
