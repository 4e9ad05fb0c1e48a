"""Elasticsearch: short timeouts, one retry on another node, a breaker."""

from collections.abc import Mapping, Sequence
from typing import cast

from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, AsyncElasticsearch, NotFoundError, TransportError

from platform_runtime.breaker import Breaker
from platform_runtime.context import current
from platform_runtime.problems import Unavailable
from platform_runtime.stores import SearchSettings

Document = Mapping[str, object]


class Search:
    """Documents by id and by query."""

    def __init__(self, settings: SearchSettings) -> None:
        password = settings.password.get_secret_value()
        self._seconds = settings.timeout_seconds
        self.breaker = Breaker("search", ignore=(NotFoundError,))
        self._client = AsyncElasticsearch(
            settings.url,
            basic_auth=(settings.username, password) if settings.username else None,
            ca_certs=settings.ca_file or DEFAULT,
            request_timeout=self._seconds,
            max_retries=1,
            retry_on_status=(502, 503, 504),
        )

    async def close(self) -> None:
        """Disconnect."""
        await self._client.close()

    async def ping(self) -> None:
        """Raise when it does not answer; the node that is asked speaks for itself."""
        await self._client.options(request_timeout=1, max_retries=0).cluster.health(local=True)

    async def get(self, index: str, key: str) -> Document | None:
        """Return a document, if there is one.

        :raises Unavailable: when there is no answer.
        """
        try:
            async with self.breaker:
                answer = await self._within().get(index=index, id=key)
        except NotFoundError:
            return None
        except (ApiError, TransportError) as error:
            raise _unavailable(error) from error
        return cast("Document", answer["_source"])

    async def put(self, index: str, key: str, document: Document) -> None:
        """Store a document and wait until searches find it.

        :raises Unavailable: when there is no answer.
        """
        try:
            async with self.breaker:
                await self._within().index(
                    index=index, id=key, document=document, refresh="wait_for"
                )
        except (ApiError, TransportError) as error:
            raise _unavailable(error) from error

    async def find(
        self,
        index: str,
        query: Document,
        *,
        sort: Sequence[Mapping[str, str]],
        after: Sequence[str | int | float] | None,
        size: int,
    ) -> list[tuple[Document, list[object]]]:
        """Return documents and their sort values, from `after` on.

        :raises Unavailable: when there is no answer.
        """
        try:
            async with self.breaker:
                answer = await self._within().search(
                    index=index,
                    query=query,
                    sort=list(sort),
                    search_after=list(after) if after else None,
                    size=size,
                    track_total_hits=False,
                )
        except NotFoundError:  # no document was ever stored
            return []
        except (ApiError, TransportError) as error:
            raise _unavailable(error) from error
        hits = cast("list[dict[str, object]]", answer["hits"]["hits"])
        return [
            (cast("Document", hit["_source"]), cast("list[object]", hit["sort"])) for hit in hits
        ]

    def _within(self) -> AsyncElasticsearch:
        return self._client.options(request_timeout=max(0.01, current().remaining(self._seconds)))


def _unavailable(error: Exception) -> Unavailable:
    return Unavailable(f"search: {type(error).__name__}")
