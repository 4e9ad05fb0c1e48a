"""Search: a managed OpenSearch domain, or Elasticsearch on the cluster."""
