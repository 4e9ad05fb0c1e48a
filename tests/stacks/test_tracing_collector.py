"""Our configurations in OpenTelemetry's own collector: does it take them, and do what we say."""

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from tests.collector.kubernetes import POD, FakeKubernetes
from tests.collector.run import (
    Collector,
    Json,
    attributes,
    backend_config,
    free_port,
    needs_collector,
    received,
    validate,
)
from tests.unit.test_tracing import RELEASE, at, make

pytestmark = needs_collector

SAMPLING = {
    "percent": 0,
    "slow_millis": 1000,
    "services": {"checkout": {"percent": 100}, "reports": {"slow_millis": 60_000}},
}

SHAPES: Mapping[str, Mapping[str, object]] = {
    "as it is": {},
    "one layer": {"min_replicas": 1, "max_replicas": 1},
    "services": {"sampling": SAMPLING},
    "in memory": {"queue_gib": 0},
    "metered": {"span_metrics": True},
    "metered, one layer": {"span_metrics": True, "min_replicas": 1, "max_replicas": 1},
    "X-Ray": {"backend": "xray"},
}

JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
DECISION_SECONDS = 2


def configs(tmp_path: Path, **given: object) -> list[Json]:
    """Return the configurations as the charts get them, but for their disk."""
    releases = make(**given).all(RELEASE)
    found = [at(release.inputs["values"], "alternateConfig") for release in releases[:-1]]
    (tmp_path / "queue").mkdir(exist_ok=True)
    text = json.dumps(found).replace("/var/lib/otelcol", str(tmp_path / "queue"))
    return cast("list[Json]", json.loads(text))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_collector_takes_every_configuration(shape: str, tmp_path: Path) -> None:
    """And starts with it: which policies there are is only looked at then."""
    kubernetes = FakeKubernetes(tmp_path)
    for config in configs(tmp_path, **SHAPES[shape]):
        assert validate(config, tmp_path) == ""
        asks_elsewhere(config)
        started = Collector(shape, config, tmp_path, KUBECONFIG=str(kubernetes.kubeconfig))
        started.stop()
        assert started.complaints() == []
    kubernetes.stop()


def test_it_would_tell_what_is_wrong(tmp_path: Path) -> None:
    _, sampler = configs(tmp_path)
    cast("Any", sampler)["processors"]["tail_sampling"]["decision_weight"] = "30s"
    assert "decision_weight" in validate(sampler, tmp_path)


def asks_elsewhere(config: Json) -> None:
    """Let a collector find Kubernetes by a file, and itself as sampler: it runs in no pod."""
    processors, exporters = cast("Any", config)["processors"], cast("Any", config)["exporters"]
    if "load_balancing" in exporters:
        exporters["load_balancing"]["resolver"]["dns"]["hostname"] = "localhost"
    if "k8s_attributes" in processors:
        processors["k8s_attributes"] |= {"auth_type": "kubeConfig", "wait_for_metadata": True}


class Pipeline:
    """The first layer, two pods of the second, and a file in the place of Tempo."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "backend.json"
        self.kubernetes = FakeKubernetes(folder)
        self.backend = Collector("backend", backend_config(self.file), folder)
        self.samplers = [self._sampler(index) for index in range(2)]
        first, _ = configs(folder, sampling=SAMPLING)
        config = cast("Any", first)
        asks_elsewhere(first)
        addresses = [f"127.0.0.1:{sampler.grpc}" for sampler in self.samplers]
        config["exporters"]["load_balancing"]["resolver"] = {"static": {"hostnames": addresses}}
        kubeconfig = str(self.kubernetes.kubeconfig)
        self.entry = Collector("collector", first, folder, KUBECONFIG=kubeconfig)

    def _sampler(self, index: int, port: int = 0) -> Collector:
        queue = self.folder / f"sampler-{index}"
        queue.mkdir()
        _, config = configs(queue, sampling=SAMPLING)
        found = cast("Any", config)
        found["processors"]["tail_sampling"]["decision_wait"] = f"{DECISION_SECONDS}s"
        address = f"127.0.0.1:{port or self.backend.grpc}"
        found["exporters"]["otlp_grpc/tempo"]["endpoint"] = address
        return Collector(f"sampler-{index}", config, queue)

    def stop(self) -> None:
        """Stop all of it."""
        for part in (self.entry, *self.samplers, self.backend):
            part.stop()
        self.kubernetes.stop()

    def named(self, name: str) -> list[tuple[Json, Json]]:
        """Return the spans of a name that came to the backend."""
        return [(about, span) for about, span in received(self.file) if span["name"] == name]

    def until(self, come: Callable[[], bool]) -> None:
        """Wait until something came to the backend."""
        deadline = time.monotonic() + 20
        while not come():
            assert time.monotonic() < deadline, [span["name"] for _, span in received(self.file)]
            time.sleep(0.1)


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    made = Pipeline(tmp_path_factory.mktemp("collectors"))
    with contextlib.closing(_Closing(made.stop)):
        yield made


class _Closing:
    def __init__(self, close: Callable[[], None]) -> None:
        self.close = close


def trace_id() -> str:
    return secrets.token_hex(16)


def span(
    trace: str,
    name: str,
    *,
    millis: float = 10,
    failed: bool = False,
    about: Mapping[str, object] | None = None,
    event: Mapping[str, object] | None = None,
    message: str = "",
) -> Json:
    """Return a span as the protocol's JSON has it."""
    end = time.time_ns()
    return {
        "traceId": trace,
        "spanId": secrets.token_hex(8),
        "name": name,
        "kind": 2,
        "startTimeUnixNano": str(end - int(millis * 1e6)),
        "endTimeUnixNano": str(end),
        "attributes": given(about or {}),
        "events": [{"timeUnixNano": str(end), "name": "e", "attributes": given(event)}]
        if event
        else [],
        "status": {"code": 2 if failed else 0, "message": message},
    }


def given(values: Mapping[str, object]) -> list[Json]:
    """Return attributes as the protocol's JSON has them."""
    return [{"key": key, "value": _value(value)} for key, value in values.items()]


def _value(value: object) -> Json:
    if isinstance(value, list):
        items = [_value(item) for item in cast("list[object]", value)]
        return {"arrayValue": {"values": items}}
    return {"intValue": str(value)} if isinstance(value, int) else {"stringValue": str(value)}


def of(service: str, *spans: Json, about: Mapping[str, object] | None = None) -> Json:
    """Return a request with the spans of one service."""
    known = given({"service.name": service, **(about or {})})
    scope = {"scope": {"name": "test"}, "spans": list(spans)}
    return {"resourceSpans": [{"resource": {"attributes": known}, "scopeSpans": [scope]}]}


def test_failed_and_slow_traces_are_kept_whole_and_the_rest_is_not(pipeline: Pipeline) -> None:
    entry = pipeline.entry
    for _ in range(20):
        failed, code, slow, fine, late = (trace_id() for _ in range(5))
        entry.post(of("gateway", span(failed, "failed-root"), span(slow, "slow-root")))
        entry.post(of("orders", span(failed, "failed-leaf", failed=True)))
        entry.post(of("orders", span(slow, "slow-leaf", millis=1500)))
        entry.post(of("linkerd-proxy", span(code, "code", about={"http.status_code": "503"})))
        entry.post(of("orders", span(fine, "fine"), span(fine, "fine-leaf")))
        entry.post(of("checkout", span(trace_id(), "own-share")))
        # It is always slow, and says so.
        entry.post(of("reports", span(late, "slow-by-nature", millis=5000)))
    kept = ("failed-root", "failed-leaf", "slow-root", "slow-leaf", "code", "own-share")
    pipeline.until(lambda: all(len(pipeline.named(name)) == 20 for name in kept))
    time.sleep(DECISION_SECONDS)
    for dropped in ("fine", "fine-leaf", "slow-by-nature"):
        assert pipeline.named(dropped) == []
    # As alerts and dashboards have it.
    counted = "otelcol_processor_tail_sampling_count_traces_sampled_total"
    assert all(counted in sampler.measured for sampler in pipeline.samplers)
    assert "otelcol_receiver_refused_spans_total" in entry.measured
    assert "otelcol_process_uptime_seconds_total" in entry.measured


def test_no_secret_reaches_the_backend(pipeline: Pipeline) -> None:
    trace = trace_id()
    about = {
        "http.request.header.authorization": ["Bearer abcdefgh12345678"],
        "http.request.header.cookie": ["session=abc"],
        "http.route": "/orders/{id}",
        "url.full": "https://shop.example.com/cb?code=SECRET1&page=2",
        "url.query": "access_token=SECRET2&page=2",
        "db.connection_string": "postgres://app:SECRET3@db/app",
        "note": f"token {JWT} was sent",
        "args": ["x", JWT],
        "gen_ai.usage.input_tokens": 7,
        "client_secret": "SECRET4",
    }
    event = {"exception.message": "401 for Bearer SECRET5SECRET5", "password": "SECRET6"}
    leaky = span(
        trace,
        "GET /cb?code=SECRET7",
        failed=True,
        about=about,
        event=event,
        message="bad token in /x?token=SECRET8",
    )
    pipeline.entry.post(of("orders", leaky, about={"api_key": "SECRET9"}))
    pipeline.until(lambda: any(s["traceId"] == trace for _, s in received(pipeline.file)))
    (resource, found) = next(
        (about_, s) for about_, s in received(pipeline.file) if s["traceId"] == trace
    )
    text = json.dumps([resource, found])
    for secret in ("SECRET", JWT, "abcdefgh12345678", "session=abc"):
        assert secret not in text, text
    stay = attributes(found)
    assert stay["http.route"] == "/orders/{id}"
    assert stay["url.full"] == "https://shop.example.com/cb?code=****&page=2"
    assert stay["url.query"] == "access_token=****&page=2"
    assert stay["gen_ai.usage.input_tokens"] == "7"
    assert found["name"] == "GET /cb?code=****"


def test_a_span_is_told_which_pod_it_is_of(pipeline: Pipeline) -> None:
    trace = trace_id()
    uid = str(cast("Any", POD)["metadata"]["uid"])
    pipeline.entry.post(
        of("orders", span(trace, "placed", failed=True), about={"k8s.pod.uid": uid})
    )
    pipeline.until(lambda: bool(pipeline.named("placed")))
    resource, _ = pipeline.named("placed")[0]
    assert resource["k8s.deployment.name"] == "orders"
    assert resource["k8s.namespace.name"] == "services"
    assert resource["k8s.node.name"] == "ip-10-0-1-2"
    assert resource["k8s.cluster.name"] == "blue"


def test_spans_wait_on_disk_while_the_backend_is_away(tmp_path: Path) -> None:
    """Also for one that was stopped meanwhile, as on an upgrade of its node."""
    file, port = tmp_path / "backend.json", free_port()
    _, config = configs(tmp_path)
    found = cast("Any", config)
    found["processors"]["tail_sampling"]["decision_wait"] = "1s"
    found["exporters"]["otlp_grpc/tempo"]["endpoint"] = f"127.0.0.1:{port}"
    sampler = Collector("sampler", config, tmp_path)
    sampler.post(of("orders", span(trace_id(), "kept", failed=True)))
    time.sleep(4)
    sampler.stop()
    again = Collector("sampler", config, tmp_path)
    backend_settings = cast("Any", backend_config(file))
    backend_settings["receivers"]["otlp"]["protocols"]["grpc"]["endpoint"] = f"127.0.0.1:{port}"
    backend = Collector("backend", backend_settings, tmp_path)
    deadline = time.monotonic() + 60
    while not [s for _, s in received(file) if s["name"] == "kept"]:
        assert time.monotonic() < deadline, again.log
        time.sleep(0.2)
    again.stop()
    backend.stop()
