"""An issuer of tokens for this machine: `/jwks.json`, and `POST /token?scope=...&sub=...`."""

import sys
import time
from typing import cast

import jwt
import uvicorn
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

KEY = ec.generate_private_key(ec.SECP256R1())
AUDIENCE = "platform"


async def jwks(_: Request) -> JSONResponse:
    """Return the public key."""
    public = cast("dict[str, str]", ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True))
    return JSONResponse({"keys": [{**public, "kid": "local", "alg": "ES256", "use": "sig"}]})


async def token(request: Request) -> JSONResponse:
    """Return a token for anybody: never let this out of your machine.

    With `client_id` it is one as Cognito's are: for a client, without `aud`.
    """
    client = request.query_params.get("client_id")
    claims = {
        "iss": f"http://127.0.0.1:{request.url.port}",
        **({"client_id": client, "token_use": "access"} if client else {"aud": AUDIENCE}),
        "sub": request.query_params.get("sub", "customer-1"),
        "scope": request.query_params.get("scope", ""),
        "exp": int(time.time()) + 3600,
    }
    signed = jwt.encode(claims, KEY, "ES256", headers={"kid": "local"})
    return JSONResponse({"access_token": signed, "token_type": "Bearer", "expires_in": 3600})


app = Starlette(
    routes=[Route("/jwks.json", jwks), Route("/token", token, methods=["POST"])],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
