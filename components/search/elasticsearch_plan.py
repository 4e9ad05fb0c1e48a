"""What an `ElasticsearchCluster` will make, computed before anything is made."""

from dataclasses import dataclass

from components._base.errors import InvalidInput, Problem
from components._base.names import check_name
from components._base.spec import read_spec
from components.search.elasticsearch_args import ElasticsearchArgs
from components.search.elasticsearch_spec import ElasticsearchSpec
from components.search.versions import ELASTIC_RELEASES

ELASTICSEARCH, KIBANA = "elasticsearch", "kibana"
"""Names of the two in their namespace, from which ECK derives those of services and secrets."""

SERVICE_ACCOUNT = "elasticsearch"

TOKEN_FOLDER = "/usr/share/elasticsearch/config/repository-s3"  # noqa: S105 - a path


@dataclass(frozen=True)
class ElasticsearchPlan:
    """Elasticsearch and what comes with it."""

    spec: ElasticsearchSpec
    token_file: str
    """Name of the file in `TOKEN_FOLDER` that the S3 client may read."""

    @property
    def endpoint(self) -> str:
        """URL of the REST API, within the cluster."""
        return f"https://{ELASTICSEARCH}-es-http.{self.spec.namespace}.svc:9200"

    @property
    def kibana_url(self) -> str:
        """URL of Kibana, within the cluster; empty when there is none."""
        if not self.spec.kibana_replicas:
            return ""
        return f"https://{KIBANA}-kb-http.{self.spec.namespace}.svc:5601"

    @property
    def ca_secret(self) -> str:
        """Secret with the `ca.crt` of ECK's own authority."""
        return f"{ELASTICSEARCH}-es-http-certs-public"

    @property
    def superuser_secret(self) -> str:
        """Secret in which ECK keeps the password of `elastic`; none but the set-up reads it."""
        return f"{ELASTICSEARCH}-es-elastic-user"


def plan_elasticsearch(args: ElasticsearchArgs, name: str = "search") -> ElasticsearchPlan:
    """Compute what `args` ask for.

    :param name: logical name of the component.
    :raises InvalidInput: with every problem at once.
    """
    owner = f"ElasticsearchCluster {name!r}"
    check_name(name, owner)
    spec = read_spec(ElasticsearchSpec, ElasticsearchArgs, args, owner)
    if spec.zones * spec.nodes.per_zone == 2:
        reason = "2 nodes have no majority when one is lost; use 1, or 3 and more"
        raise InvalidInput(owner, [Problem("nodes.per_zone", reason)])
    return ElasticsearchPlan(spec, ELASTIC_RELEASES[spec.version].token_file)
