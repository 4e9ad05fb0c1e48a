"""Real Kubernetes and Pulumi's real provider for it, built from their Go modules."""

import hashlib
from pathlib import Path

from simulator.gobuild import Program, Recipe, Version, build
from simulator.gobuild.recipe import cache_directory, pinned
from simulator.gobuild.report import Report, console

HERE = Path(__file__).parent
KUBERNETES = HERE / "kubernetes"
PROVIDER = HERE / "pulumi-resource-kubernetes"


def kubernetes() -> Recipe:
    """Return the control plane's programs, and kwok's, which share most of what is compiled."""
    version = _version(r"^\s*k8s\.io/kubernetes (v\S+)")
    etcd = _version(r"^\s*go\.etcd\.io/etcd/server/v3 (v\S+)")
    kwok = _version(r"^\s*sigs\.k8s\.io/kwok (v\S+)")
    parts = ("kube-apiserver", "kube-controller-manager", "kube-scheduler")
    about = "k8s.io/component-base/version"
    return Recipe(
        title=f"Kubernetes {version}",
        module=KUBERNETES,
        programs=[
            Program("etcd", "go.etcd.io/etcd/server/v3", etcd),
            *(Program(part, f"k8s.io/kubernetes/cmd/{part}", version) for part in parts),
            Program("kwok", "sigs.k8s.io/kwok/cmd/kwok", kwok),
        ],
        takes="4 to 6 minutes",
        linked={
            # Clients can't tell what it understands without these.
            f"{about}.gitVersion": f"v{version}",
            f"{about}.gitMajor": str(version.major),
            f"{about}.gitMinor": str(version.minor),
            "sigs.k8s.io/kwok/pkg/consts.Version": f"v{kwok}",
        },
    )


def provider() -> Recipe:
    """Return the provider, the newest that there is as a Go module."""
    module = "github.com/pulumi/pulumi-kubernetes/provider/v4"
    return Recipe(
        title="Pulumi's Kubernetes provider",
        module=PROVIDER,
        programs=[Program("pulumi-resource-kubernetes", ".", version=None)],
        takes="5 to 8 minutes",
        linked={f"{module}/pkg/version.Version": pinned(PROVIDER, rf"{module} v(\S+)")},
    )


def binaries(report: Report | None = None) -> Path:
    """Return the folder of all programs, built if they are not there yet.

    :raises BuildError: they can't be built.
    """
    recipes = (kubernetes(), provider())
    digest = hashlib.sha256("".join(recipe.digest for recipe in recipes).encode()).hexdigest()
    key = f"{Version.parse(recipes[0].title)}-{digest[:12]}"
    folder = cache_directory() / "kubernetes" / key
    if any(recipe.missing(folder) for recipe in recipes):
        build(recipes, folder, report or console())
    return folder


def _version(pattern: str) -> Version:
    return Version.parse(pinned(KUBERNETES, pattern))
