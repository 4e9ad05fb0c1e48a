"""Custom resources whose fields are not under `spec`, which the SDK's own class has no room for."""

from collections.abc import Mapping

import pulumi


class CustomObject(pulumi.CustomResource):
    """A Kubernetes object of any kind."""

    def __init__(
        self,
        name: str,
        *,
        api_version: str,
        kind: str,
        metadata: Mapping[str, object],
        fields: Mapping[str, object],
        opts: pulumi.ResourceOptions,
    ) -> None:
        """Create it.

        :param name: of the resource; the object's own is in `metadata`.
        :param metadata: as in a manifest.
        :param fields: as in a manifest, beside `apiVersion`, `kind` and `metadata`.
        """
        super().__init__(
            f"kubernetes:{api_version}:{kind}",
            name,
            {"apiVersion": api_version, "kind": kind, "metadata": dict(metadata), **fields},
            opts,
        )
