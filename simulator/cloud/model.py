"""How the simulated cloud treats one resource type.

A service module (e.g. `simulator/aws/ec2.py`) is a table `MODELS` from type token to `Model`.
Everything a model leaves out comes from the SDK's own annotations (see `schema.py`).
"""

import hashlib
import string
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

Json = Mapping[str, object]
"""Resource properties by their camelCase names."""

ACCOUNT = "123456789012"
"""The account of the simulated cloud; AWS uses this number in its own documentation."""

DNS_SAFE = string.ascii_lowercase + string.digits


@dataclass(frozen=True)
class Request:
    """One resource as the cloud sees it: checked inputs, and where it lives."""

    type: str
    name: str
    """Logical name."""
    seed: str
    """What makes ids unique and repeatable: the URN and how often it was created."""
    inputs: Json
    region: str
    id: str = ""
    """Set once `Model.identity` has run, so that `Model.outputs` can use it."""
    given: frozenset[str] = frozenset()
    """In a check: the inputs that there are, those too whose value a preview can't know yet; of
    mappings those within, as `vpcConfig.subnetIds`."""

    def hex(self, prefix: str, length: int = 17, salt: str = "") -> str:
        """Return e.g. `vpc-0a1b…`: `prefix` and `length` hexadecimal digits."""
        return prefix + self._digest(salt).hex()[:length]

    def token(self, length: int, salt: str = "", alphabet: str = DNS_SAFE) -> str:
        """Return `length` characters of `alphabet`, as in generated host names."""
        number = int.from_bytes(self._digest(salt) * 2, "big")
        letters: list[str] = []
        for _ in range(length):
            number, index = divmod(number, len(alphabet))
            letters.append(alphabet[index])
        return "".join(letters)

    def uuid(self, salt: str = "") -> str:
        """Return a UUID, as KMS keys and MSK clusters have."""
        h = self._digest(salt).hex()
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:32]}"

    def arn(self, service: str, resource: str, *, region: bool = True, account: bool = True) -> str:
        """Return an ARN in this region and account; IAM and S3 leave one or both out."""
        place = f"{self.region if region else ''}:{ACCOUNT if account else ''}"
        return f"arn:aws:{service}:{place}:{resource}"

    def text(self, key: str, default: str = "") -> str:
        """Return the input `key` if it is a string."""
        value = self.inputs.get(key)
        return value if isinstance(value, str) else default

    def part(self, key: str) -> Json:
        """Return the input `key` if it is a mapping, else an empty one."""
        value = self.inputs.get(key)
        return cast("Json", value) if isinstance(value, Mapping) else {}

    def _digest(self, salt: str) -> bytes:
        return hashlib.sha256(f"{self.type}|{self.seed}|{salt}".encode()).digest()


@dataclass(frozen=True)
class Seconds:
    """How long the real cloud takes, for the provisioning clock."""

    create: float = 2
    update: float = 2
    delete: float = 2
    source: str = "typical of AWS control-plane calls that only write a record"


@dataclass(frozen=True)
class AutoName:
    """A physical name that the provider invents when the program gives none."""

    property: str = "name"
    limit: int = 255
    separator: str = "-"


@dataclass(frozen=True)
class ApiCall:
    """The AWS API call that creates a resource, whose limits on names, enums and ranges hold."""

    service: str
    """As botocore names it, e.g. `eks`."""
    operation: str
    """E.g. `CreateCluster`."""
    renames: tuple[tuple[str, str], ...] = ()
    """Inputs that the API calls otherwise: (`kmsKeyId`, `kmsMasterKeyId`)."""


def _by_name(request: Request) -> str:
    return request.text("name", request.name)


def _nothing(_: Request) -> Json:
    return {}


def _accept(_: Request) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class Model:
    """One resource type of the simulated cloud."""

    identity: Callable[[Request], str] = _by_name
    """The id that the cloud gives. Default: the physical name."""
    outputs: Callable[[Request], Json] = _nothing
    """Computed outputs of the real shape; inputs are echoed, the rest is filled by type."""
    updates: Callable[[Request, Json], Json] = lambda _request, _olds: {}
    """Computed outputs that an update changes, from the new inputs and the old state: revisions."""
    replaces: frozenset[str] = frozenset()
    """Input paths the cloud can't change in place: `cidrBlock`, or `vpcConfig.subnetIds`."""
    delete_before_replace: bool = False
    """For resources of which two can't exist at once, even when autonamed."""
    seconds: Seconds = Seconds()
    autoname: AutoName | None = None
    refuses: Callable[[Request], Iterable[str]] = _accept
    """What the cloud says no to beyond types and required inputs: messages, `path: reason`."""
    api: ApiCall | None = None
    """The call whose limits are checked."""
    guards_deletion: str | None = None
    """The boolean input that makes the cloud refuse a delete, e.g. `deletionProtection`."""


NAMED = AutoName()
"""Most AWS resources: a `name` of up to 255 characters."""
