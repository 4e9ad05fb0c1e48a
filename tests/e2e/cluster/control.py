"""A real control plane on this machine: etcd, API server, controllers and scheduler, with kwok."""

import random
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.api import Api, ApiError
from tests.e2e.cluster.build import binaries
from tests.e2e.cluster.credentials import HOST, Credentials, User
from tests.e2e.cluster.nodes import NODE_GROUPS, NodeGroup, is_ready
from tests.e2e.cluster.process import ClusterError, Process, until

STAGES = Path(__file__).with_name("stages.yaml")
START_SECONDS = 120
"""Three seconds on an idle machine."""
PORTS = range(20000, 30000)
"""Below those that the system gives to outgoing connections: nobody takes ours while the API
server is down."""
SERVICES = "10.100.0.0/16"
"""Addresses of Services, as EKS gives them.
https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html (2026-11)"""
PODS = "100.64.0.1/16"
LEASE_SECONDS = 40
"""As the kubelet's. Without leases nodes become NotReady, and Deployments never available."""


class ControlPlane:
    """A running cluster. Use `start`."""

    def __init__(self, home: Path, programs: Path) -> None:
        self.home = home
        """Folder of its logs, `<program>.log`, its certificates and its data."""
        self._programs = programs
        self._processes: dict[str, Process] = {}
        self._credentials = Credentials(home / "credentials")
        self._credentials.write()
        self._etcd_port, self._peer_port, port = free_ports(3)
        self.url = f"https://{HOST}:{port}"
        """Of the API server."""
        self.ca = self._credentials.ca_file.read_text()
        """Certificate of the authority that signed the API server's, PEM."""
        self.admin_token = self._credentials.tokens[User.ADMIN]
        """Bearer token of a cluster administrator."""
        self.kubeconfig = self._credentials.kubeconfig(self.url, User.ADMIN)
        """File with all of these, for any client."""
        self.client = Api(self.url, self.ca, self.admin_token)
        """Speaks to the API server as administrator."""
        self._tls = ssl.create_default_context(cadata=self.ca)

    def start_etcd(self) -> None:
        """Start the store; it keeps its data from one start to the next."""
        client, peer = f"http://{HOST}:{self._etcd_port}", f"http://{HOST}:{self._peer_port}"
        self._start(
            "etcd",
            f"--data-dir={self.home / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            # Killed processes lose nothing that way, only a machine without power does.
            "--unsafe-no-fsync",
        )

    def start_api_server(self) -> None:
        """Start the API server, again after `kill_api_server`, and wait until it is ready.

        :raises ClusterError: it ended, or is not ready in time.
        """
        files, address = self._credentials, self.url.removeprefix("https://")
        self._start(
            "kube-apiserver",
            f"--etcd-servers=http://{HOST}:{self._etcd_port}",
            f"--bind-address={HOST}",
            f"--advertise-address={HOST}",
            f"--secure-port={address.rpartition(':')[2]}",
            f"--tls-cert-file={files.server_file}",
            f"--tls-private-key-file={files.server_file}",
            f"--token-auth-file={files.tokens_file}",
            "--authorization-mode=Node,RBAC",
            "--enable-admission-plugins=NodeRestriction",
            "--allow-privileged=true",
            f"--service-cluster-ip-range={SERVICES}",
            f"--service-account-issuer={self.url}",
            f"--service-account-key-file={files.accounts_file}",
            f"--service-account-signing-key-file={files.accounts_file}",
            # An endpoint on the loopback interface is no valid one.
            "--endpoint-reconciler-type=none",
        )
        self._until(self._answers, "the API server is ready")

    def kill_api_server(self) -> None:
        """Kill the API server as a power cut would. What it stored stays."""
        self._processes.pop("kube-apiserver").end()

    def start_controllers(self) -> None:
        """Start what makes objects come true."""
        self._start(
            "kube-controller-manager",
            *self._client(User.CONTROLLER_MANAGER),
            *("--leader-elect=false", "--secure-port=0", "--use-service-account-credentials=true"),
            f"--root-ca-file={self._credentials.ca_file}",
            f"--service-account-private-key-file={self._credentials.accounts_file}",
        )
        self._start(
            "kube-scheduler",
            *self._client(User.SCHEDULER),
            *("--leader-elect=false", "--secure-port=0"),
        )

    def start_nodes(self, groups: Sequence[NodeGroup]) -> None:
        """Register nodes, and start what plays their kubelets."""
        for group in groups:
            for node in group.nodes():
                self.client.create("/api/v1/nodes", node)
        self._start(
            "kwok",
            f"--kubeconfig={self._credentials.kubeconfig(self.url, User.KUBELETS)}",
            f"--config={STAGES}",
            "--manage-all-nodes",
            f"--cidr={PODS}",
            f"--node-lease-duration-seconds={LEASE_SECONDS}",
        )

    def wait_ready(self) -> None:
        """Wait until the API server, the controllers and all nodes are ready.

        :raises ClusterError: a process ended, or it takes too long.
        """
        self._until(self._answers, "the API server is ready")
        self._until(self._controlled, "the controllers work")
        self._until(self._nodes_ready, "all nodes are Ready")

    def check(self) -> None:
        """Make sure that all processes run.

        :raises ClusterError: one has ended, with the end of its log.
        """
        for process in self._processes.values():
            process.check()

    def end(self) -> list[str]:
        """End all processes, the last started first; return what is known of those that had."""
        found = [
            f"{process.obituary()}:\n{process.tail()}"
            for process in self._processes.values()
            if not process.running
        ]
        for process in reversed(self._processes.values()):
            process.end()
        return found

    def _start(self, name: str, *arguments: str) -> None:
        self._processes[name] = Process(name, [self._programs / name, *arguments], self.home)

    def _client(self, user: User) -> tuple[str, ...]:
        kubeconfig = self._credentials.kubeconfig(self.url, user)
        # As many requests a second as the controllers of EKS may send, and more.
        return (f"--kubeconfig={kubeconfig}", "--kube-api-qps=500", "--kube-api-burst=1000")

    def _until(self, found: Callable[[], bool | None], what: str) -> None:
        until(found, what, START_SECONDS, of=list(self._processes.values()))

    def _answers(self) -> bool | None:
        request = urllib.request.Request(  # noqa: S310 - the test's own API server
            f"{self.url}/readyz", headers={"Authorization": f"Bearer {self.admin_token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5, context=self._tls):  # noqa: S310
                return True
        except (urllib.error.URLError, OSError):
            return None

    def _controlled(self) -> bool | None:
        try:
            self.client.get("/api/v1/namespaces/default/serviceaccounts/default")
        except ApiError:
            return None
        return True

    def _nodes_ready(self) -> bool | None:
        nodes = self.client.list("/api/v1/nodes")
        return True if all(map(is_ready, nodes)) else None


@contextmanager
def start(
    home: Path, programs: Path | None = None, groups: Sequence[NodeGroup] = NODE_GROUPS
) -> Generator[ControlPlane]:
    """Start a control plane and nodes, wait until they are ready, and end them all.

    :param home: an empty folder for logs, certificates and data.
    :param programs: the folder of the programs. Default: the cache's, built when they are missing.
    :param groups: the nodes.
    :raises BuildError: there are no programs, and they can't be built.
    :raises ClusterError: a process ended, be it noticed only at the end, or something takes too
        long.
    """
    plane = ControlPlane(home, programs or binaries())
    try:
        plane.start_etcd()
        plane.start_api_server()
        plane.start_controllers()
        plane.start_nodes(groups)
        plane.wait_ready()
        yield plane
        plane.check()
    except BaseException as error:
        for obituary in plane.end():
            if obituary not in str(error):
                error.add_note(obituary)
        raise
    finally:
        plane.end()


def free_ports(count: int) -> list[int]:
    """Return different ports on which nobody listens."""
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as tried:
            try:
                tried.bind((HOST, port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise ClusterError(f"no {count} ports of {PORTS.start} to {PORTS.stop - 1} are free")
