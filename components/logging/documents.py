"""What Elasticsearch is told about logs: lifecycle, templates, the role that writes; and Kibana.

https://www.elastic.co/docs/manage-data/data-store/data-streams/set-up-data-stream (2026-11)
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from components.logging.spec import LoggingElasticsearchSpec

Json = Mapping[str, object]

NAME = "logs-kubernetes"
PATTERN = f"{NAME}-*"

PRIORITY = 200
"""Elasticsearch's own template of `logs-*-*` has 100."""

USER = ROLE = "log-shipper"

MOST_LETTERS = 8191
"""Of a value that is indexed: times four bytes it is within Lucene's 32766. All of it is kept."""


@dataclass(frozen=True)
class Request:
    """One call of an API: to be made again is no harm."""

    method: str
    path: str
    body: Json

    @property
    def text(self) -> str:
        """The body."""
        return json.dumps(self.body, sort_keys=True)


def requests(spec: LoggingElasticsearchSpec) -> list[Request]:
    """Return what Elasticsearch is told, in order."""
    return [
        Request("PUT", f"/_ilm/policy/{NAME}", lifecycle(spec)),
        Request("PUT", f"/_component_template/{NAME}-settings", {"template": settings(spec)}),
        Request("PUT", f"/_component_template/{NAME}-mappings", {"template": mappings()}),
        Request("PUT", f"/_index_template/{NAME}", template()),
        Request("PUT", f"/_security/role/{ROLE}", role()),
    ]


def lifecycle(spec: LoggingElasticsearchSpec) -> Json:
    """Return the policy: hot while it is written to, then warm, then deleted."""
    rollover = {
        "max_primary_shard_size": f"{spec.rollover_gib}gb",
        "max_age": f"{spec.rollover_days}d",
    }
    warm: Json = {
        "readonly": {},
        "forcemerge": {"max_num_segments": 1},
        "set_priority": {"priority": 50},
        # All nodes are of one tier: there is nowhere to go.
        "migrate": {"enabled": False},
    }
    delete: Json = {"delete": {}}
    phases: Json = {
        "hot": {"actions": {"rollover": rollover, "set_priority": {"priority": 100}}},
        "warm": {"min_age": f"{spec.warm_days}d", "actions": warm},
        "delete": {"min_age": f"{spec.delete_days}d", "actions": delete},
    }
    return {"policy": {"phases": phases}}


def settings(spec: LoggingElasticsearchSpec) -> Json:
    """Return the indices' settings.

    One primary shard: it takes all lines of a call or none, and Fluent Bit sends again what none of
    was taken; of a call that was taken in part it would take the rest for done (out_es, 5.1.1).
    """
    return {
        "settings": {
            "index.lifecycle.name": NAME,
            "index.number_of_shards": 1,
            "index.number_of_replicas": spec.replicas,
            "index.codec": "best_compression",
            "index.refresh_interval": "5s",
            "index.mapping.ignore_malformed": True,
            "index.query.default_field": ["message"],
        }
    }


def mappings() -> Json:
    """Return the fields: those of `record.lua`, and no others ever."""
    word = {"type": "keyword", "ignore_above": 1024}
    anything = {"type": "flattened", "ignore_above": MOST_LETTERS}
    names = (
        *("level", "logger", "service", "version", "environment", "stream"),
        *("trace_id", "span_id", "request_id"),
        *("method", "route", "path", "client"),
    )
    pod = {
        **dict.fromkeys(("namespace_name", "pod_name", "container_name", "host"), word),
        "container_image": word,
        "labels": anything,
    }
    return {
        "mappings": {
            "dynamic": False,
            "properties": {
                "@timestamp": {"type": "date_nanos"},
                "timestamp": {"type": "date_nanos"},
                "message": {"type": "match_only_text"},
                "status": {"type": "short"},
                "duration_ms": {"type": "float"},
                **dict.fromkeys(names, word),
                "data": anything,
                "kubernetes": {"properties": pod},
            },
        }
    }


def template() -> Json:
    """Return the template of the data stream.

    What no mapping takes all the same goes to the failure store, not back to Fluent Bit, which
    would send it for ever: https://www.elastic.co/docs/manage-data/data-store/data-streams/failure-store
    (2026-11), of Elasticsearch 9.1 and newer.
    """
    return {
        "index_patterns": [PATTERN],
        "priority": PRIORITY,
        "data_stream": {},
        "composed_of": [f"{NAME}-settings", f"{NAME}-mappings"],
        "template": {"data_stream_options": {"failure_store": {"enabled": True}}},
    }


def role() -> Json:
    """Return the role: it adds lines, and reads, changes and deletes none.

    https://www.elastic.co/docs/reference/elasticsearch/security-privileges (2026-11):
    `auto_configure` lets it have the data stream made by the first line.
    """
    return {
        "cluster": [],
        "indices": [{"names": [PATTERN], "privileges": ["auto_configure", "create_doc"]}],
    }


def data_view() -> Request:
    """Return Kibana's view of the lines.

    https://www.elastic.co/docs/api/doc/kibana/operation/operation-createdataviewdefaultw (2026-11)
    """
    view = {"id": NAME, "name": "Logs", "title": PATTERN, "timeFieldName": "@timestamp"}
    return Request("POST", "/api/data_views/data_view", {"override": True, "data_view": view})
