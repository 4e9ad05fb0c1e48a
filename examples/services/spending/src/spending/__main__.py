"""`python -m spending`: serve, as on the cluster; on Lambda it is `spending.handler`."""

from platform_runtime.server import serve
from spending.app import SpendingSettings, make_app

if __name__ == "__main__":
    serve(make_app(SpendingSettings()))  # pyright: ignore[reportCallIssue] - from the environment
