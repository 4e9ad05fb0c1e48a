"""Every Helm chart that the platform installs: from where, in which version, with which images.

A new version goes in here and nowhere else. `docs/upgrades.md` says what else an upgrade needs:
above all the custom resource definitions, which Helm only installs (`crds`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum


class Crds(Enum):
    """How the custom resource definitions of a chart are upgraded."""

    NONE = "none"
    """It has none."""
    TEMPLATES = "templates"
    """They are templates of the chart: upgraded with it."""
    OWN_CHART = "own chart"
    """They are a chart of their own, in the catalog as well: upgraded first."""
    BY_HAND = "by hand"
    """Helm installs them once, from the chart's `crds` folder: before an upgrade, apply the new."""


@dataclass(frozen=True)
class Chart:
    """One release of a Helm chart."""

    name: str
    repository: str
    """An HTTPS Helm repository, or the `oci://` address that the chart's name is appended to."""
    version: str
    app_version: str
    source: str
    """Where version and app version were read, and when."""
    kubernetes: str = "1.31"
    """The oldest Kubernetes that it, or its app, supports."""
    crds: Crds = Crds.NONE
    labels: str = ""
    """The value, as a dotted path, that takes labels for all of the chart's objects."""
    images: Mapping[str, str] = field(default_factory=dict[str, str])
    """Values, as dotted paths, that name an image's registry or repository: what each is by
    default, registry first, e.g. `quay.io/jetstack/cert-manager-controller`."""


ECK_OPERATOR = Chart(
    "eck-operator",
    "https://helm.elastic.co",
    "3.5.0",
    "3.5.0",
    # Runs Elasticsearch 8 and 9 on Kubernetes 1.32 to 1.36.
    "https://github.com/elastic/cloud-on-k8s/blob/v3.5.0/README.md (2026-08)",
    kubernetes="1.32",
    crds=Crds.TEMPLATES,
    images={"image.repository": "docker.elastic.co/eck/eck-operator"},
)

AWS_LOAD_BALANCER_CONTROLLER = Chart(
    "aws-load-balancer-controller",
    "https://aws.github.io/eks-charts",
    "3.5.0",
    "3.5.0",
    "https://github.com/kubernetes-sigs/aws-load-balancer-controller/tree/v3.5.0/helm (2026-08)",
    crds=Crds.BY_HAND,
    labels="additionalLabels",
    images={"image.repository": "public.ecr.aws/eks/aws-load-balancer-controller"},
)

EXTERNAL_DNS = Chart(
    "external-dns",
    "https://kubernetes-sigs.github.io/external-dns",
    "1.21.1",
    "0.21.0",
    "https://github.com/kubernetes-sigs/external-dns/tree/master/charts/external-dns (2026-08)",
    # One definition, DNSEndpoint, of a source that we don't watch.
    crds=Crds.BY_HAND,
    labels="commonLabels",
    images={"image.repository": "registry.k8s.io/external-dns/external-dns"},
)

CERT_MANAGER = Chart(
    "cert-manager",
    "oci://quay.io/jetstack/charts",
    "v1.21.2",
    "1.21.2",
    # Supports Kubernetes 1.33 to 1.36. From announcements; the page could not be opened then.
    "https://cert-manager.io/docs/releases/ (2026-10)",
    kubernetes="1.33",
    crds=Crds.TEMPLATES,
    labels="global.commonLabels",
    images={
        "image.repository": "quay.io/jetstack/cert-manager-controller",
        "webhook.image.repository": "quay.io/jetstack/cert-manager-webhook",
        "cainjector.image.repository": "quay.io/jetstack/cert-manager-cainjector",
        "acmesolver.image.repository": "quay.io/jetstack/cert-manager-acmesolver",
        "startupapicheck.image.repository": "quay.io/jetstack/cert-manager-startupapicheck",
    },
)

TRUST_MANAGER = Chart(
    "trust-manager",
    "oci://quay.io/jetstack/charts",
    "v0.26.0",
    "0.26.0",
    # From announcements; the page itself could not be opened then.
    "https://github.com/cert-manager/trust-manager/releases/tag/v0.26.0 (2026-11)",
    crds=Crds.TEMPLATES,
    labels="commonLabels",
    images={"image.repository": "quay.io/jetstack/trust-manager"},
)

EXTERNAL_SECRETS = Chart(
    "external-secrets",
    "https://charts.external-secrets.io",
    "2.14.0",
    "2.14.0",
    # Only the newest minor version gets fixes.
    # From a mirror's list of releases; the page itself could not be opened then.
    "https://github.com/external-secrets/external-secrets/releases/tag/v2.14.0 (2026-11)",
    crds=Crds.TEMPLATES,
    labels="commonLabels",
    images={
        f"{path}image.repository": "ghcr.io/external-secrets/external-secrets"
        for path in ("", "webhook.", "certController.")
    },
)

METRICS_SERVER = Chart(
    "metrics-server",
    "https://kubernetes-sigs.github.io/metrics-server",
    "3.13.1",
    "0.8.1",
    "https://github.com/kubernetes-sigs/metrics-server/tree/master/charts/metrics-server (2026-08)",
    labels="commonLabels",
    images={"image.repository": "registry.k8s.io/metrics-server/metrics-server"},
)

KARPENTER_CRD = Chart(
    "karpenter-crd",
    "oci://public.ecr.aws/karpenter",
    "1.14.1",
    "1.14.1",
    "https://karpenter.sh/v1.14/upgrading/compatibility/ (2026-08)",
    crds=Crds.TEMPLATES,
)

KARPENTER = Chart(
    "karpenter",
    "oci://public.ecr.aws/karpenter",
    "1.14.1",
    "1.14.1",
    "https://karpenter.sh/v1.14/upgrading/compatibility/ (2026-08)",
    crds=Crds.OWN_CHART,
    labels="additionalLabels",
    images={"controller.image.repository": "public.ecr.aws/karpenter/controller"},
)

KEDA = Chart(
    "keda",
    "https://kedacore.github.io/charts",
    "2.20.2",
    "2.20.2",
    "https://github.com/kedacore/charts/tree/main/keda (2026-08)",
    crds=Crds.TEMPLATES,
    labels="additionalLabels",
    images={"global.image.registry": "ghcr.io"},
)

GATEWAY_API_CRDS = Chart(
    "gateway-api-crds",
    "https://charts.christianhuth.de",
    "1.1.1",
    # Linkerd's tests go up to it. Its standard channel was compared with the Gateway API's own
    # release and is the same, field by field.
    "v1.5.1",
    "https://github.com/christianhuth/helm-charts/releases/tag/gateway-api-crds-1.1.1 (2026-07)",
    crds=Crds.TEMPLATES,
)

LINKERD_EDGE = "https://helm.linkerd.io/edge"
LINKERD_VERSION = ("2026.8.3", "edge-26.8.3")
"""See docs/mesh.md for why this one."""
LINKERD_SOURCE = "https://github.com/linkerd/linkerd2/releases/tag/edge-26.8.3 (2026-08)"

LINKERD_CRDS = Chart(
    "linkerd-crds", LINKERD_EDGE, *LINKERD_VERSION, LINKERD_SOURCE, crds=Crds.TEMPLATES
)

LINKERD_CNI = Chart(
    "linkerd2-cni",
    LINKERD_EDGE,
    *LINKERD_VERSION,
    LINKERD_SOURCE,
    labels="commonLabels",
    images={"image.name": "cr.l5d.io/linkerd/cni-plugin"},
)

LINKERD_CONTROL_PLANE = Chart(
    "linkerd-control-plane",
    LINKERD_EDGE,
    *LINKERD_VERSION,
    LINKERD_SOURCE,
    crds=Crds.OWN_CHART,
    labels="commonLabels",
    images={
        "controllerImage": "cr.l5d.io/linkerd/controller",
        "debugContainer.image.name": "cr.l5d.io/linkerd/debug",
        "proxy.image.name": "cr.l5d.io/linkerd/proxy",
    },
)

LINKERD_VIZ = Chart(
    "linkerd-viz",
    LINKERD_EDGE,
    *LINKERD_VERSION,
    LINKERD_SOURCE,
    labels="commonLabels",
    images={"defaultRegistry": "cr.l5d.io/linkerd"},
)

KONG = Chart(
    "ingress",
    "https://charts.konghq.com",
    "0.24.0",
    "3.9.3",
    # Two releases of the kong chart 3.2.0 in one: gateway and controller. The app's version is that
    # of the images in `components/gateway/values.py`, where the chart names a line only.
    "https://github.com/Kong/charts/tree/ingress-0.24.0/charts/ingress (2026-08)",
    # Of the controller; they are in the kong chart's folder `crds`.
    crds=Crds.BY_HAND,
    images={
        "controller.ingressController.image.repository": (
            "docker.io/kong/kubernetes-ingress-controller"
        ),
        "gateway.image.repository": "docker.io/library/kong",
    },
)

PROMETHEUS_OPERATOR_CRDS = Chart(
    "prometheus-operator-crds",
    "https://prometheus-community.github.io/helm-charts",
    # The operator's version is that of kube-prometheus-stack: they go up together.
    "31.0.1",
    "v0.93.1",
    "https://github.com/prometheus-community/helm-charts/releases/tag/prometheus-operator-crds-31.0.1"
    " (2026-08)",
    crds=Crds.TEMPLATES,
)

OTEL_CHARTS = "https://github.com/open-telemetry/opentelemetry-helm-charts/tree/main/charts"

OTEL_COLLECTOR = Chart(
    "opentelemetry-collector",
    "https://open-telemetry.github.io/opentelemetry-helm-charts",
    "0.170.0",
    "0.158.0",
    f"{OTEL_CHARTS}/opentelemetry-collector (2026-08)",
    # No labels: the chart sets `part-of` itself, and the same key twice is no YAML.
    images={
        # The chart has no image of its own. This one has every component that is used.
        "image.repository": (
            "ghcr.io/open-telemetry/opentelemetry-collector-releases/"
            "opentelemetry-collector-contrib"
        ),
    },
)

OTEL_OPERATOR = Chart(
    "opentelemetry-operator",
    "https://open-telemetry.github.io/opentelemetry-helm-charts",
    "0.122.0",
    "0.158.0",
    f"{OTEL_CHARTS}/opentelemetry-operator (2026-08)",
    crds=Crds.TEMPLATES,
    images={
        "manager.image.repository": (
            "ghcr.io/open-telemetry/opentelemetry-operator/opentelemetry-operator"
        ),
        "manager.autoInstrumentationImage.python.repository": (
            "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-python"
        ),
    },
)

TEMPO = Chart(
    "tempo",
    "https://grafana-community.github.io/helm-charts",
    "2.2.4",
    "2.10.8",
    "https://github.com/grafana-community/helm-charts/tree/main/charts/tempo (2026-08)",
    labels="global.commonLabels",
    images={"tempo.registry": "docker.io"},
)

KUBE_PROMETHEUS_STACK = Chart(
    "kube-prometheus-stack",
    "https://prometheus-community.github.io/helm-charts",
    "88.5.3",
    "v0.93.1",
    "https://github.com/prometheus-community/helm-charts/releases/tag/kube-prometheus-stack-88.5.3"
    " (2026-08)",
    crds=Crds.OWN_CHART,
    # No labels: the chart sets `part-of` itself, and the same key twice is no YAML.
    images={
        "alertmanager.alertmanagerSpec.image.registry": "quay.io",
        "kube-state-metrics.image.registry": "registry.k8s.io",
        "prometheus-node-exporter.image.registry": "quay.io",
        "prometheus.prometheusSpec.image.registry": "quay.io",
        "prometheusOperator.image.registry": "quay.io",
        "prometheusOperator.prometheusConfigReloader.image.registry": "quay.io",
        "prometheusOperator.thanosImage.registry": "quay.io",
    },
)

ELASTICSEARCH_EXPORTER = Chart(
    "prometheus-elasticsearch-exporter",
    "https://prometheus-community.github.io/helm-charts",
    "7.4.0",
    "v1.11.0",
    "https://github.com/prometheus-community/helm-charts/releases/tag/"
    "prometheus-elasticsearch-exporter-7.4.0 (2026-08)",
    labels="commonLabels",
    images={"image.repository": "quay.io/prometheuscommunity/elasticsearch-exporter"},
)

CLOUDWATCH_EXPORTER = Chart(
    "prometheus-yet-another-cloudwatch-exporter",
    "https://prometheus-community.github.io/helm-charts",
    "0.47.0",
    "v0.67.0",
    "https://github.com/prometheus-community/helm-charts/releases/tag/"
    "prometheus-yet-another-cloudwatch-exporter-0.47.0 (2026-08)",
    labels="deployment.labels",
    images={"image.registry": "quay.io"},
)

FLUENT_BIT = Chart(
    "fluent-bit",
    "https://fluent.github.io/helm-charts",
    "0.58.1",
    "5.1.1",
    "https://github.com/fluent/helm-charts/releases/tag/fluent-bit-0.58.1 (2026-08)",
    labels="labels",
    images={"image.repository": "cr.fluentbit.io/fluent/fluent-bit"},
)

GRAFANA = Chart(
    "grafana",
    "https://grafana-community.github.io/helm-charts",
    "12.11.1",
    "13.2.0",
    # Grafana's charts are the community's since 2026.
    "https://github.com/grafana-community/helm-charts/tree/main/charts/grafana (2026-08)",
    labels="extraLabels",
    images={"image.registry": "docker.io"},
)

CATALOG: tuple[Chart, ...] = (
    ECK_OPERATOR,
    AWS_LOAD_BALANCER_CONTROLLER,
    CERT_MANAGER,
    EXTERNAL_DNS,
    EXTERNAL_SECRETS,
    KARPENTER,
    KARPENTER_CRD,
    KEDA,
    METRICS_SERVER,
    TRUST_MANAGER,
    GATEWAY_API_CRDS,
    LINKERD_CNI,
    LINKERD_CONTROL_PLANE,
    LINKERD_CRDS,
    LINKERD_VIZ,
    FLUENT_BIT,
    KONG,
    GRAFANA,
    PROMETHEUS_OPERATOR_CRDS,
    KUBE_PROMETHEUS_STACK,
    CLOUDWATCH_EXPORTER,
    ELASTICSEARCH_EXPORTER,
    OTEL_COLLECTOR,
    OTEL_OPERATOR,
    TEMPO,
)
"""All of them."""


def unsupported(kubernetes: str, charts: Iterable[Chart] = CATALOG) -> list[Chart]:
    """Return the charts that do not run on this version of Kubernetes, e.g. `1.34`."""
    return [chart for chart in charts if _parts(chart.kubernetes) > _parts(kubernetes)]


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2])
