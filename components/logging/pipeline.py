"""What Fluent Bit does on each node, as its own configuration: plain values, checked by the binary.

The options were read in the sources of version 5.1.1 (2026-08), the one that the chart installs;
docs/logging.md says which run of it they were tried in. JSON is YAML, so that is what it gets.
"""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from components.logging.spec import LoggingSpec

Section = Mapping[str, object]

RELEASE = "fluent-bit"
"""Of the Helm release, its ServiceAccount and its pods' label."""

METRICS_PORT = 2020
METRICS_PATH = "/api/v2/metrics/prometheus"

STATE = "/var/fluent-bit"
"""On the node: positions, and lines that no sink has taken yet. It outlives the pod."""

LOGS = "/var/log/containers"
"""Where the kubelet has a link to each container's log."""

SCRIPTS = "/fluent-bit/scripts"
SCRIPT = "record.lua"

DATA_STREAM = "logs-kubernetes-default"
"""In Elasticsearch's scheme of type, dataset and namespace.

https://www.elastic.co/docs/reference/fleet/data-streams (2026-11)
"""

CHUNKS_IN_MEMORY = 64
"""Of 2 MB at most; all others are on disk only."""

RETRY_SECONDS = (5, 60)
"""The first pause before a chunk is sent again, and the longest: five seconds instead of two
thousand keep a sink that is back from standing idle for half an hour."""

ANSWER_SECONDS = 60
"""A sink that says nothing for so long is asked again."""

KEEP_TRYING = "no_limits"

PARSERS = ("python", "java", "go")
"""Whose tracebacks become one line; our own services' are in one already."""


def configuration(spec: LoggingSpec) -> str:
    """Return `fluent-bit.yaml`. What differs between clusters comes by the environment."""
    pipeline = {
        "inputs": [_tail(spec)],
        "filters": list(_filters(spec)),
        "outputs": list(_outputs(spec)),
    }
    return json.dumps({"service": _service(), "pipeline": pipeline}, indent=2)


def script(spec: LoggingSpec) -> str:
    """Return the Lua that each line goes through, with its settings in front."""
    fields = ", ".join(json.dumps(name) for name in spec.secret_fields)
    probes = json.dumps(spec.drop_probes)
    settings = f"SETTINGS = {{ drop_probes = {probes}, secret_fields = {{ {fields} }} }}\n\n"
    return settings + _script()


@cache
def _script() -> str:
    return Path(__file__).with_name(SCRIPT).read_text(encoding="utf-8")


def _service() -> Section:
    base, cap = RETRY_SECONDS
    return {
        "flush": 1,
        "grace": 30,
        "log_level": "info",
        "scheduler.base": base,
        "scheduler.cap": cap,
        "http_server": "on",
        "http_listen": "0.0.0.0",  # noqa: S104 - in the pod, where a network policy guards it
        "http_port": METRICS_PORT,
        "health_check": "on",
        "storage.path": f"{STATE}/buffer",
        "storage.sync": "normal",
        "storage.checksum": "off",
        "storage.metrics": "on",
        "storage.max_chunks_up": CHUNKS_IN_MEMORY,
        # Of what an earlier pod left, read at once.
        "storage.backlog.mem_limit": "32M",
        # A chunk that a power cut has torn would be tried for ever.
        "storage.delete_irrecoverable_chunks": "on",
    }


def _tail(spec: LoggingSpec) -> Section:
    # Its own complaints about a sink would be more lines for that sink.
    excluded = [f"{LOGS}/{RELEASE}-*_{RELEASE}-*.log"]
    excluded += [f"{LOGS}/*_{name}_*.log" for name in sorted(spec.exclude_namespaces)]
    return {
        "name": "tail",
        "tag": "kube.*",
        "path": f"{LOGS}/*.log",
        "exclude_path": ",".join(excluded),
        # Joins the parts into which the runtime cuts lines of more than 16 KiB.
        "multiline.parser": "cri",
        "db": f"{STATE}/positions.db",
        "db.locking": "true",
        # A new file may have the inode of one that is gone.
        "db.compare_filename": "true",
        # What pods wrote before the agent of a new node was there.
        "read_from_head": "true",
        "refresh_interval": 5,
        "rotate_wait": 30,
        "buffer_chunk_size": "64k",
        "buffer_max_size": "256k",
        "skip_long_lines": "on",
        # Memory is bounded by storage.max_chunks_up: Mem_Buf_Limit is for memory storage only.
        "storage.type": "filesystem",
    }


def _filters(spec: LoggingSpec) -> Sequence[Section]:
    filters: list[Section] = [
        {
            "name": "multiline",
            "match": "kube.*",
            "multiline.key_content": "log",
            "multiline.parser": ",".join(PARSERS),
            # Within what was read at once: nothing is kept back that a crash could lose.
            "buffer": "off",
        },
        {
            "name": "kubernetes",
            "match": "kube.*",
            "kube_tag_prefix": "kube" + LOGS.replace("/", ".") + ".",
            "merge_log": "on",
            "keep_log": "off",
            "labels": "on",
            "annotations": "off",
            # No pod may opt out of the logs, or choose a parser, by an annotation.
            "k8s-logging.parser": "off",
            "k8s-logging.exclude": "off",
            "buffer_size": "256k",
        },
    ]
    if spec.lines_per_second:
        filters.append(
            {
                "name": "throttle",
                "match": "kube.*",
                "rate": spec.lines_per_second,
                "window": 5,
                "interval": "1s",
            }
        )
    # Last, so that nothing comes in after it.
    filters.append(
        {"name": "lua", "match": "kube.*", "script": f"{SCRIPTS}/{SCRIPT}", "call": "shape"}
    )
    return filters


def _outputs(spec: LoggingSpec) -> Sequence[Section]:
    common: Section = {
        "match": "kube.*",
        "retry_limit": KEEP_TRYING,
        "storage.total_limit_size": f"{spec.buffer_mib}M",
        "net.connect_timeout": "10s",
        "net.io_timeout": f"{ANSWER_SECONDS}s",
    }
    outputs: list[Section] = []
    if spec.elasticsearch:
        outputs.append({"name": "es", "alias": "elasticsearch", **common, **_elasticsearch()})
    if spec.cloudwatch:
        outputs.append(
            {"name": "cloudwatch_logs", "alias": "cloudwatch", **common, **_cloudwatch()}
        )
    return outputs


def _elasticsearch() -> Section:
    return {
        "host": "${SEARCH_HOST}",
        "port": "${SEARCH_PORT}",
        "http_user": "${SEARCH_USER}",
        "http_passwd": "${SEARCH_PASSWORD}",
        "tls": "on",
        "tls.verify": "on",
        "tls.verify_hostname": "on",
        "tls.ca_file": "/fluent-bit/search-ca/ca.crt",
        "index": DATA_STREAM,
        "suppress_type_name": "on",
        "write_operation": "create",
        # With ids, a chunk that had been taken when its answer was lost would be all conflicts, and
        # Fluent Bit takes these for a failure, and tries for ever (plugins/out_es/es.c, 5.1.1).
        "generate_id": "off",
        "time_key": "@timestamp",
        "time_key_nanos": "on",
        "replace_dots": "off",
        "compress": "gzip",
        # Of the answer; one that is cut is taken for a failure.
        "buffer_size": "4M",
        "trace_error": "on",
    }


def _cloudwatch() -> Section:
    return {
        "region": "${AWS_REGION}",
        "log_group_name": "${LOG_GROUP}",
        "log_stream_prefix": "node.",
        "log_stream_template": (
            "$kubernetes['namespace_name'].$kubernetes['pod_name'].$kubernetes['container_name']"
        ),
        "auto_create_group": "off",
        "auto_retry_requests": "on",
    }
