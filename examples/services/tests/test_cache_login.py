"""A Lambda function logs in to the cache with the secret that `CACHE_SECRET_ARN` names."""

import json
import subprocess
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from local.process import free_port
from local.redis import available, start_redis
from platform_runtime.cache import make_redis
from platform_runtime.cache_login import SecretLogin, fetch_secret
from platform_runtime.stores import CacheSettings

ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:cache-AbCdEf"
SECRET = {"username": "app", "password": "of this machine"}


class Manager(BaseHTTPRequestHandler):
    """Secrets Manager, as far as one call of it goes."""

    asked: list[tuple[str, object]] = []  # noqa: RUF012 - one server a test

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.asked.append((self.headers["x-amz-target"], body))
        data = json.dumps({"ARN": ARN, "SecretString": json.dumps(SECRET)}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Be silent."""


@pytest.fixture
def manager(monkeypatch: pytest.MonkeyPatch) -> Generator[type[Manager]]:
    server = HTTPServer(("127.0.0.1", 0), Manager)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    Manager.asked.clear()
    yield Manager
    server.shutdown()
    server.server_close()


async def test_the_secret_is_read_from_secrets_manager(manager: type[Manager]):
    assert json.loads(await fetch_secret(ARN)) == SECRET
    assert manager.asked == [("secretsmanager.GetSecretValue", {"SecretId": ARN})]


async def test_it_is_kept_for_a_while():
    asked: list[str] = []

    async def fetch(arn: str) -> str:
        asked.append(arn)
        return json.dumps(SECRET)

    login = SecretLogin(ARN, fetch)
    assert [await login.get_credentials_async() for _ in range(3)] == [tuple(SECRET.values())] * 3
    assert asked == [ARN]


@pytest.mark.parametrize("text", ["no JSON", '{"username": "app"}', "[]"])
async def test_another_kind_of_secret_is_a_failure_without_its_text(text: str):
    async def fetch(_: str) -> str:
        return text

    with pytest.raises(ConnectionError, match="no username and password"):
        await SecretLogin(ARN, fetch).get_credentials_async()


def set_user(port: int, *rules: str) -> None:
    command = ["redis-cli", "-p", str(port), "ACL", "SETUSER", *rules]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.skipif(not available(), reason="no redis-server (Debian: redis-server)")
async def test_redis_lets_it_in(manager: type[Manager], tmp_path: Path):
    port = free_port()
    server = start_redis(tmp_path, port)
    set_user(port, SECRET["username"], "on", f">{SECRET['password']}", "~*", "+@all")
    set_user(port, "default", "off")
    redis = make_redis(CacheSettings(url=f"redis://127.0.0.1:{port}", secret_arn=ARN))
    try:
        await redis.set("key", b"value")
        assert await redis.get("key") == b"value"
        assert len(manager.asked) == 1
    finally:
        await redis.aclose()
        server.stop()
