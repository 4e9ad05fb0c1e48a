"""Engine versions, pinned: what a stack may ask for, and what comes with each."""

from collections.abc import Mapping
from dataclasses import dataclass

OPENSEARCH_VERSIONS = ("3.5", "3.3", "3.1", "2.19")
"""OpenSearch versions that a domain may have, newest first; upgrades are in place and never go
back. From 2.x the way to 3.x leads over 2.19.

`aws opensearch list-versions` as recorded in public projects (2026-08);
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/version-migration.html
(2026-11)
"""

DEFAULT_OPENSEARCH = "3.5"

TLS_POLICY = "Policy-Min-TLS-1-2-PFS-2023-10"
"""TLS 1.2 and 1.3 with forward secrecy only: the newest that every client can speak. Those named
after it are for FIPS, with a list of ciphers that common builds of OpenSSL lack.

https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DomainEndpointOptions.html
(2026-11)
"""


@dataclass(frozen=True)
class ElasticRelease:
    """One version of Elasticsearch and Kibana."""

    token_file: str
    """The one file, in the S3 repository's folder, from which Elasticsearch lets its S3 client
    read a token. Other paths are refused, so EKS Pod Identity's own default fails."""


WEB_IDENTITY_FILE = "aws-web-identity-token-file"
"""Meant for another kind of identity, but a readable file all the same: what the S3 client does
with it is decided by the environment variables alone.

https://www.elastic.co/docs/deploy-manage/tools/snapshot-and-restore/s3-repository (2026-11);
from 9.6 on there is `eks-pod-identity-token` (https://github.com/elastic/elasticsearch/pull/151614)
"""

ELASTIC_RELEASES: Mapping[str, ElasticRelease] = {
    "9.5.6": ElasticRelease(WEB_IDENTITY_FILE),
    "9.4.9": ElasticRelease(WEB_IDENTITY_FILE),
}
"""Newest first; https://github.com/elastic/elasticsearch/releases (2026-11)."""

DEFAULT_ELASTIC = "9.5.6"
