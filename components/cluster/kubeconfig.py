"""How Kubernetes clients reach the cluster: by a token made when it is needed, never stored."""

import json

import pulumi


def kubeconfig(
    name: pulumi.Input[str],
    endpoint: pulumi.Input[str],
    certificate_authority: pulumi.Input[str],
    region: pulumi.Input[str],
) -> pulumi.Output[str]:
    """Return a kubeconfig, as JSON with sorted keys, that runs `aws eks get-token`.

    :param certificate_authority: the cluster's CA certificate, base64.
    """
    values = pulumi.Output.all(name, endpoint, certificate_authority, region)
    return values.apply(lambda v: _render(v[0], v[1], v[2], v[3]))


def _render(name: str, endpoint: str, certificate_authority: str, region: str) -> str:
    command = ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"]
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "clusters": [
            {
                "name": name,
                "cluster": {
                    "server": endpoint,
                    "certificate-authority-data": certificate_authority,
                },
            }
        ],
        "users": [
            {
                "name": name,
                "user": {
                    "exec": {
                        "apiVersion": "client.authentication.k8s.io/v1beta1",
                        "command": "aws",
                        "args": command,
                        "interactiveMode": "Never",
                    }
                },
            }
        ],
    }
    return json.dumps(config, sort_keys=True)
