"""A stand-in for AWS's command line, which the kubeconfig of a cluster runs for a token."""

import json
import shlex
from pathlib import Path

API_VERSION = "client.authentication.k8s.io/v1beta1"
"""As `aws eks get-token` answers: awscli, customizations/eks/get_token.py (2026-11)."""

_SCRIPT = """\
#!/bin/sh
case "$1 $2" in
  "eks get-token") echo "$*" >> {calls}; exec cat {credential} ;;
  *) echo "this aws knows 'eks get-token' only, not: $*" >&2; exit 252 ;;
esac
"""


class AwsToken:
    """An `aws` for the front of a PATH, that answers `eks get-token` with one token."""

    def __init__(self, folder: Path, token: str) -> None:
        """Write it.

        :param folder: made for it; only this user may read it, for the token is in it.
        """
        folder.mkdir(mode=0o700)
        self.folder = folder
        self._calls = folder / "calls"
        self._calls.touch()
        credential = folder / "credential.json"
        credential.write_text(
            json.dumps(
                {
                    "kind": "ExecCredential",
                    "apiVersion": API_VERSION,
                    "spec": {},
                    "status": {"token": token},
                }
            )
        )
        command = folder / "aws"
        paths = {"calls": self._calls, "credential": credential}
        quoted = {key: shlex.quote(str(path)) for key, path in paths.items()}
        command.write_text(_SCRIPT.format(**quoted))
        command.chmod(0o700)

    @property
    def calls(self) -> list[str]:
        """The arguments of each call so far."""
        return self._calls.read_text().splitlines()
