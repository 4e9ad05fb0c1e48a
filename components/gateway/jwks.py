"""An issuer's public keys as the gateway's settings want them.

    python -m components.gateway.jwks https://ISSUER/.well-known/jwks.json

prints `jwt.keys` for the stack file; see docs/gateway.md for when.
"""

import base64
import json
import sys
import urllib.request
from collections.abc import Mapping, Sequence
from typing import cast

RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")
"""The algorithm's identifier, rsaEncryption: https://www.rfc-editor.org/rfc/rfc3279#section-2.3.1."""

SHORTEST_BITS = 2048
LINE = 64


def public_keys(jwks: Mapping[str, object]) -> dict[str, str]:
    """Return the keys of a JSON Web Key Set that sign tokens, as PEM, by their `kid`.

    :raises ValueError: when there is none, or one is too short.
    """
    keys = {
        key["kid"]: _pem(_number(key["n"]), _number(key["e"]))
        for key in cast("Sequence[Mapping[str, str]]", jwks.get("keys") or ())
        if key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and key.get("kid")
    }
    if not keys:
        raise ValueError("there is no RSA key with a kid that signs")
    return keys


def as_settings(keys: Mapping[str, str]) -> str:
    """Return the keys as YAML, for the section `gateway` of a stack file."""
    lines = ["jwt:", "  keys:"]
    for key_id, pem in sorted(keys.items()):
        lines += [f"    {json.dumps(key_id)}: |", *(f"      {line}" for line in pem.splitlines())]
    return "\n".join([*lines, ""])


def _number(text: str) -> int:
    """Read a number as https://www.rfc-editor.org/rfc/rfc7518#section-6.3.1 writes it."""
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _pem(modulus: int, exponent: int) -> str:
    """Write a SubjectPublicKeyInfo: https://www.rfc-editor.org/rfc/rfc5280#section-4.1."""
    if modulus.bit_length() < SHORTEST_BITS:
        raise ValueError(f"a key of {modulus.bit_length()} bits; {SHORTEST_BITS} is the least")
    numbers = _element(0x30, _integer(modulus) + _integer(exponent))
    whole = _element(0x30, RSA_ENCRYPTION + _element(0x03, b"\0" + numbers))
    text = base64.b64encode(whole).decode()
    lines = [text[start : start + LINE] for start in range(0, len(text), LINE)]
    return "\n".join(["-----BEGIN PUBLIC KEY-----", *lines, "-----END PUBLIC KEY-----", ""])


def _integer(value: int) -> bytes:
    # One bit more than the number has, so that it is not taken for a negative one.
    return _element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _element(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def main(address: str) -> None:
    """Fetch the key set at `address`, and print the keys as YAML."""
    if not address.startswith("https://"):
        raise SystemExit("an https address is needed")
    with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - https only
        found = public_keys(cast("Mapping[str, object]", json.load(answer)))
    sys.stdout.write(as_settings(found))


if __name__ == "__main__":
    main(sys.argv[1])
