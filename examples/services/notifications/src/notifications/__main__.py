"""`python -m notifications`: consume."""

from notifications.app import NotificationsSettings, make_app
from platform_runtime.server import serve

if __name__ == "__main__":
    # the settings come from the environment
    serve(make_app(NotificationsSettings()))  # pyright: ignore[reportCallIssue]
