"""Search: a managed OpenSearch domain, or Elasticsearch on the cluster."""

from components.search.elasticsearch import ElasticsearchCluster
from components.search.elasticsearch_args import ElasticsearchArgs
from components.search.elasticsearch_plan import ElasticsearchPlan, plan_elasticsearch
from components.search.elasticsearch_spec import ElasticsearchSpec
from components.search.opensearch import OpenSearchDomain
from components.search.opensearch_access import read_statements, read_write_statements
from components.search.opensearch_args import OpenSearchArgs, OpenSearchAuth
from components.search.opensearch_plan import OpenSearchPlan, plan_opensearch
from components.search.opensearch_spec import OpenSearchSpec
from components.search.output import SearchService
from components.search.spec import SearchEngine, SearchSpec

__all__ = [
    "ElasticsearchArgs",
    "ElasticsearchCluster",
    "ElasticsearchPlan",
    "ElasticsearchSpec",
    "OpenSearchArgs",
    "OpenSearchAuth",
    "OpenSearchDomain",
    "OpenSearchPlan",
    "OpenSearchSpec",
    "SearchEngine",
    "SearchService",
    "SearchSpec",
    "plan_elasticsearch",
    "plan_opensearch",
    "read_statements",
    "read_write_statements",
]
