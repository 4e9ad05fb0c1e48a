"""`python -m orders`: serve."""

from orders.app import OrdersSettings, make_app
from platform_runtime.server import serve

if __name__ == "__main__":
    serve(make_app(OrdersSettings()))  # pyright: ignore[reportCallIssue] - from the environment
