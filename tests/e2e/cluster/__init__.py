"""A real Kubernetes cluster for tests, without machines: see docs/real-kubernetes.md.

etcd, the API server, its controllers and the scheduler are the real ones, and so is Pulumi's
provider; kwok plays the nodes. All of it is built from Go modules, and listens on 127.0.0.1.
"""

from tests.e2e.cluster.build import binaries
from tests.e2e.cluster.control import ControlPlane, start
from tests.e2e.cluster.process import ClusterError

__all__ = ["ClusterError", "ControlPlane", "binaries", "start"]
