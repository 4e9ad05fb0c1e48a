"""`python -m starter`: serve."""

from platform_runtime.server import serve
from starter.app import StarterSettings, make_app

if __name__ == "__main__":
    serve(make_app(StarterSettings()))  # pyright: ignore[reportCallIssue] - from the environment
