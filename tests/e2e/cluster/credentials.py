"""What the parts of a cluster know each other by: one certificate, and a token for each client."""

import json
import secrets
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import trustme

HOST = "127.0.0.1"
NAMES = ("localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc")


class User(Enum):
    """Who speaks to the API server: name and group."""

    ADMIN = ("admin", "system:masters")
    CONTROLLER_MANAGER = ("system:kube-controller-manager", "")
    SCHEDULER = ("system:kube-scheduler", "")
    KUBELETS = ("kwok", "system:masters")
    """Stands for the kubelets of all nodes."""


@dataclass(frozen=True)
class Credentials:
    """The files of a cluster's own authority, in `folder`, for nobody else to read."""

    folder: Path
    tokens: dict[User, str] = field(
        default_factory=lambda: {user: secrets.token_urlsafe(32) for user in User}
    )

    def write(self) -> None:
        """Make the authority, the server's certificate, the key of tokens, and the tokens' list."""
        self.folder.mkdir(mode=0o700)
        authority = trustme.CA(organization_name="tests of fastapi-platform")
        authority.cert_pem.write_to_path(self.ca_file)
        server = authority.issue_cert(HOST, *NAMES)
        server.private_key_and_cert_chain_pem.write_to_path(self.server_file)
        accounts = authority.issue_cert("service-accounts")
        accounts.private_key_pem.write_to_path(self.accounts_file)
        lines = [
            f'{token},{user.value[0]},{user.value[0]},"{user.value[1]}"'
            for user, token in self.tokens.items()
        ]
        self.tokens_file.write_text("\n".join(lines))

    @property
    def ca_file(self) -> Path:
        """Certificate of the authority."""
        return self.folder / "ca.crt"

    @property
    def server_file(self) -> Path:
        """Key and certificate of the API server."""
        return self.folder / "server.pem"

    @property
    def accounts_file(self) -> Path:
        """Key by which the tokens of service accounts are signed."""
        return self.folder / "service-accounts.key"

    @property
    def tokens_file(self) -> Path:
        """The tokens, as the API server reads them."""
        return self.folder / "tokens.csv"

    def kubeconfig(self, url: str, user: User) -> Path:
        """Write and return a file by which `user` finds the API server at `url`."""
        path = self.folder / f"{user.name.lower()}.kubeconfig"
        cluster = {"server": url, "certificate-authority": str(self.ca_file)}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "cluster", "cluster": cluster}],
            "users": [{"name": "user", "user": {"token": self.tokens[user]}}],
            "contexts": [{"name": "context", "context": {"cluster": "cluster", "user": "user"}}],
            "current-context": "context",
        }
        path.write_text(json.dumps(config))
        return path
