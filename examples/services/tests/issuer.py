"""An issuer of tokens, as small as it can be."""

import time
from dataclasses import dataclass, field
from typing import cast

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

ISSUER = "https://auth.example.com"
AUDIENCE = "platform"
JWKS_URL = f"{ISSUER}/jwks.json"

Private = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Issuer:
    """Keys by id; `down` makes it fail."""

    keys: dict[str, Private] = field(default_factory=lambda: {"one": rsa_key()})
    down: bool = False
    fetches: int = 0

    async def fetch(self) -> dict[str, object]:
        self.fetches += 1
        if self.down:
            raise ConnectionError("issuer is down")
        return self.document()

    def document(self) -> dict[str, object]:
        return {"keys": [_public(name, key) for name, key in self.keys.items()]}

    def token(self, *scopes: str, kid: str = "one", **changed: object) -> str:
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": "customer-1",
            "iat": now,
            "exp": now + 300,
            "scope": " ".join(scopes),
            **changed,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        key = self.keys[kid]
        algorithm = "RS256" if isinstance(key, rsa.RSAPrivateKey) else "ES256"
        return jwt.encode(claims, key, algorithm, headers={"kid": kid})


def _public(name: str, key: Private) -> dict[str, str]:
    if isinstance(key, rsa.RSAPrivateKey):
        parts, algorithm = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True), "RS256"
    else:
        parts, algorithm = ECAlgorithm.to_jwk(key.public_key(), as_dict=True), "ES256"
    return {**cast("dict[str, str]", parts), "kid": name, "alg": algorithm, "use": "sig"}
