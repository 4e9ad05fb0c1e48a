"""Configurations of the collectors: order, redaction, sampling, queues; and refused inputs."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest

from components._base.errors import InvalidInput
from components.tracing import TracingArgs, TracingSpec, plan_tracing
from components.tracing.config import collector_config, sampler_config
from components.tracing.plan import TracingPlan
from components.tracing.redaction import NAMES, PARAMETERS, QUERY, VALUES, redaction_processors
from components.tracing.sampling import policies
from components.tracing.spec import TraceSamplingSpec
from tests.unit.test_tracing import at

Json = Mapping[str, object]


def plan(**given: object) -> TracingPlan:
    args = {"cluster_name": "blue", "namespace": "observability", **given}
    return plan_tracing(cast("TracingArgs", args))


def collector(**given: object) -> Json:
    return collector_config(plan(**given), "blue", "eu-west-1")


def sampler(**given: object) -> Json:
    return sampler_config(plan(**given), "eu-west-1")


def one(**given: object) -> Json:
    return collector(min_replicas=1, max_replicas=1, **given)


def pipeline(config: Json, name: str = "traces") -> Mapping[str, Sequence[str]]:
    return cast("Any", at(config, "service.pipelines"))[name]


@pytest.mark.parametrize(
    "config",
    [collector(), sampler(), one(), one(span_metrics=True), collector(span_metrics=True)],
    ids=["collector", "sampler", "one layer", "one layer, metered", "metered"],
)
def test_memory_is_guarded_first_and_all_that_is_named_is_there(config: Json) -> None:
    connectors = set(cast("Json", config.get("connectors", {})))
    exporters = set(cast("Json", config["exporters"])) | connectors
    receivers = set(cast("Json", config["receivers"])) | connectors
    for found in cast("Mapping[str, Json]", at(config, "service.pipelines")).values():
        processors = cast("list[str]", found["processors"])
        assert processors[0] == "memory_limiter"
        assert set(processors) <= set(cast("Json", config["processors"]))
        assert set(cast("list[str]", found["exporters"])) <= exporters
        assert set(cast("list[str]", found["receivers"])) <= receivers
    assert at(config, "service.extensions") == list(cast("Json", config["extensions"]))


def test_secrets_are_gone_before_a_span_leaves_the_first_layer() -> None:
    order = [
        *("memory_limiter", "k8s_attributes", "resource", "transform/secrets", "redaction"),
    ]
    assert pipeline(collector())["processors"] == order
    assert pipeline(collector())["exporters"] == ["load_balancing"]
    assert pipeline(one())["processors"] == [*order, "tail_sampling"]
    assert pipeline(sampler())["processors"] == ["memory_limiter", "tail_sampling"]


def test_a_pod_is_told_by_what_the_span_says_and_not_by_the_connection() -> None:
    """Behind a proxy every connection comes from the collector's own pod."""
    associations = cast("Any", at(collector(), "processors.k8s_attributes.pod_association"))
    sources = [source for each in associations for source in each["sources"]]
    assert {source["from"] for source in sources} == {"resource_attribute"}


def test_all_spans_of_a_trace_go_to_one_pod() -> None:
    exporter = at(collector(), "exporters.load_balancing")
    assert at(exporter, "routing_key") == "traceID"
    assert at(exporter, "resolver.dns.hostname") == "otel-sampler.observability.svc.cluster.local"
    # What a pod does not take is sent to another, not to the same one again.
    assert at(exporter, "protocol.otlp.sending_queue.enabled") is False
    assert at(exporter, "retry_on_failure.enabled") is True


def test_spans_wait_on_disk_for_as_long_as_the_backend_is_away() -> None:
    exporter = at(sampler(queue_gib=10), "exporters.otlp_grpc/tempo")
    assert at(exporter, "sending_queue.storage") == "file_storage"
    assert at(exporter, "sending_queue.sizer") == "bytes"
    assert at(exporter, "sending_queue.queue_size") == int(10 * 2**30 * 0.7)
    assert at(exporter, "retry_on_failure.max_elapsed_time") == "0s"
    in_memory = sampler(queue_gib=0)
    assert "storage" not in cast("Json", at(in_memory, "exporters.otlp_grpc/tempo.sending_queue"))
    assert "file_storage" not in cast("Json", in_memory["extensions"])


def test_xray_is_asked_by_signed_requests() -> None:
    config = sampler(backend="xray", queue_gib=0)
    assert at(config, "exporters.otlp_http/xray.auth.authenticator") == "sigv4auth"
    assert at(config, "service.extensions") == ["health_check", "sigv4auth"]


def test_metrics_are_of_all_spans() -> None:
    metered = one(span_metrics=True)
    assert "tail_sampling" not in pipeline(metered, "traces/metrics")["processors"]
    assert pipeline(metered, "metrics")["exporters"] == ["prometheus"]
    assert "connectors" not in one()


def test_errors_and_slow_traces_are_kept_and_of_the_rest_a_share() -> None:
    names = [policy["name"] for policy in policies(TraceSamplingSpec())]  # pyright: ignore[reportCallIssue]
    assert names == ["errors", "failed-requests", "slow", "share"]
    found = at(sampler(), "processors.tail_sampling")
    assert at(found, "decision_wait") == "30s"
    assert at(found, "num_traces") == 32 * 1024


def test_a_service_may_have_figures_of_its_own() -> None:
    sampling = {
        "percent": 5,
        "services": {"reports": {"slow_millis": 9000}, "checkout": {"percent": 100}},
    }
    found = policies(TraceSamplingSpec.model_validate(sampling))
    assert [policy["name"] for policy in found] == [
        *("errors", "failed-requests"),
        *("checkout-slow", "checkout-share", "reports-slow", "reports-share"),
        *("rest-slow", "rest-share"),
    ]
    share, slow = (cast("Any", found[index])["and"]["and_sub_policy"] for index in (3, 4))
    assert share[0]["string_attribute"] == {"key": "service.name", "values": ["checkout"]}
    assert share[1]["probabilistic"] == {"sampling_percentage": 100}
    assert slow[1]["latency"] == {"threshold_ms": 9000}
    rest = cast("Any", found[-1])["and"]["and_sub_policy"][0]
    assert rest["not"]["not_sub_policy"]["string_attribute"]["values"] == ["checkout", "reports"]


@pytest.mark.parametrize(
    "name",
    [
        *("http.request.header.authorization", "http.request.header.cookie", "db.password"),
        *("http.response.header.set-cookie", "http.request.header.x-api-key", "access_token"),
        *("http.request.header.x-amz-security-token", "client_secret", "session.id", "token"),
    ],
)
def test_attributes_that_hold_credentials_are_deleted(name: str) -> None:
    assert re.search(NAMES, name)


@pytest.mark.parametrize(
    "name",
    [
        *("http.route", "url.path", "db.query.text", "http.request.method", "service.name"),
        *("gen_ai.usage.input_tokens", "http.request.header.content-type", "user.id"),
        *("enduser.id", "messaging.kafka.message.key", "author"),
    ],
)
def test_other_attributes_stay(name: str) -> None:
    assert not re.search(NAMES, name)


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("/cb?code=abc123&x=1", "/cb?code=****&x=1"),
        ("https://s3/x?X-Amz-Signature=00ff&a=b", "https://s3/x?X-Amz-Signature=****&a=b"),
        ("/a?q=tea&access_token=abc", "/a?q=tea&access_token=****"),
        ("/a?api_key=k#t", "/a?api_key=****#t"),
        ("/a?page=2&size=10&monkey=1", "/a?page=2&size=10&monkey=1"),
    ],
)
def test_secrets_in_urls_are_masked(url: str, clean: str) -> None:
    assert re.sub(PARAMETERS, r"\1****", url) == clean


def test_a_query_begins_without_a_question_mark() -> None:
    assert re.sub(QUERY, r"\1****", "access_token=abc&page=2") == "access_token=****&page=2"
    assert re.sub(QUERY, r"\1****", "page=2&sig=abc") == "page=2&sig=****"


@pytest.mark.parametrize(
    "value",
    [
        "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
        "Bearer abcdefgh12345678",
        "AKIAIOSFODNN7EXAMPLE",
        "postgres://app:hunter2@db/app",
    ],
)
def test_values_that_look_like_credentials_are_masked(value: str) -> None:
    assert any(re.search(pattern, value) for pattern in VALUES)


def test_values_of_any_type_are_looked_into() -> None:
    assert redaction_processors()["redaction"]["redact_all_types"] is True


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"min_replicas": 3, "max_replicas": 2}, "min_replicas: 3 is more than max_replicas, 2"),
        ({"backend": "xray", "tempo": {"retention_days": 30}}, "tempo: is for the backend tempo"),
        ({"backend": "jaeger"}, "allowed: 'tempo' or 'xray'"),
        ({"sampling": {"percent": 101}}, "sampling.percent"),
        ({"sampling": {"services": {"a b": {}}}}, "no names of services: a b"),
        ({"client_namespaces": ["Services"]}, "small letters, digits and hyphens"),
        ({"protect": True, "tempo": {"force_destroy": True}}, "can't be true with protect"),
        ({"memory": 1}, "unknown input"),
    ],
)
def test_bad_input_is_told(given: Mapping[str, object], message: str) -> None:
    with pytest.raises(InvalidInput, match=re.escape(message)):
        plan(**given)


def test_a_stack_file_can_say_all_that_the_arguments_can() -> None:
    wiring = {"cluster_name", "namespace", "requires", "trust_version", "mirror", "tags"}
    assert set(TracingSpec.model_fields) == set(TracingArgs.__annotations__) - wiring
