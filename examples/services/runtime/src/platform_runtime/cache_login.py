"""The cache's user and password for a Lambda function, which reads the secret itself.

Pods have both as variables: External Secrets puts them there. A function gets the secret's ARN.
"""

import json
import time
from collections.abc import Awaitable, Callable
from typing import cast

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from redis.credentials import CredentialProvider

Fetch = Callable[[str], Awaitable[str]]
"""Returns the text of a secret."""

KEPT_SECONDS = 300.0
"""Then a new connection asks again: the password may be another one."""


async def fetch_secret(arn: str) -> str:
    """Return the text of a secret, from the region that its ARN names.

    :raises botocore.exceptions.ClientError: when it can't be read.
    """
    config = AioConfig(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 3})
    region = arn.split(":")[3]
    async with get_session().create_client(
        "secretsmanager", region_name=region, config=config
    ) as client:
        answer = await client.get_secret_value(SecretId=arn)
    return str(answer["SecretString"])


class SecretLogin(CredentialProvider):
    """Tells redis-py who connects, each time that it does."""

    def __init__(self, arn: str, fetch: Fetch = fetch_secret) -> None:
        self._arn = arn
        self._fetch = fetch
        self._until = 0.0
        self._login = ("", "")

    def get_credentials(self) -> tuple[str, str]:
        """Return what was read last; only the asynchronous client reads it."""
        return self._login

    async def get_credentials_async(self) -> tuple[str, str]:
        """Return user and password.

        :raises ConnectionError: when the secret is not what it should be.
        """
        if time.monotonic() >= self._until:
            text = await self._fetch(self._arn)
            try:
                values = cast("dict[str, str]", json.loads(text))
                self._login = values["username"], values["password"]
            except (ValueError, KeyError, TypeError):
                raise ConnectionError("the cache's secret has no username and password") from None
            self._until = time.monotonic() + KEPT_SECONDS
        return self._login
