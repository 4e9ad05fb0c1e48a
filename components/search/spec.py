"""The section `search` of a stack file: which engine, and its settings."""

from enum import Enum

from pydantic import model_validator

from components._base.spec import Spec
from components.search.elasticsearch_spec import ElasticsearchSpec
from components.search.opensearch_spec import OpenSearchSpec


class SearchEngine(str, Enum):
    """What a search is sent to. Their clients refuse each other's servers, see docs/search.md."""

    OPENSEARCH = "opensearch"
    """A domain that AWS runs, beside the cluster."""
    ELASTICSEARCH = "elasticsearch"
    """Elasticsearch itself, on the cluster, run by ECK."""


class SearchSpec(Spec):
    """Full-text search: one engine and its settings."""

    engine: SearchEngine
    """Elasticsearch on the cluster, or an OpenSearch domain."""
    opensearch: OpenSearchSpec | None = None
    """Settings when the engine is opensearch; default: those for production."""
    elasticsearch: ElasticsearchSpec | None = None
    """Settings when the engine is elasticsearch; default: those for production."""

    @model_validator(mode="after")
    def _one_engine(self) -> "SearchSpec":
        other = {
            SearchEngine.OPENSEARCH: ("elasticsearch", self.elasticsearch),
            SearchEngine.ELASTICSEARCH: ("opensearch", self.opensearch),
        }[self.engine]
        if other[1] is not None:
            raise ValueError(f"engine is {self.engine.value}: take the settings of {other[0]} out")
        return self

    @property
    def in_cluster(self) -> ElasticsearchSpec | None:
        """The settings of Elasticsearch on the cluster; None when the engine is a domain."""
        chosen = self.chosen
        return chosen if isinstance(chosen, ElasticsearchSpec) else None

    @property
    def chosen(self) -> OpenSearchSpec | ElasticsearchSpec:
        """The settings of the engine that was chosen."""
        if self.engine is SearchEngine.OPENSEARCH:
            return self.opensearch or OpenSearchSpec()  # pyright: ignore[reportCallIssue]
        return self.elasticsearch or ElasticsearchSpec()  # pyright: ignore[reportCallIssue]
