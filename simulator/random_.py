"""The random provider: values drawn once per resource, replaced when their keepers change."""

import string

from simulator.cloud.model import Json, Model, Request

BCRYPT = string.ascii_letters + string.digits + "./"


def _password(request: Request) -> Json:
    special = request.text("overrideSpecial", "!#$%&*()-_=+[]{}<>:?")
    alphabet = "".join(
        letters
        for key, letters in (
            ("lower", string.ascii_lowercase),
            ("upper", string.ascii_uppercase),
            ("numeric", string.digits),
            ("special", special),
        )
        if request.inputs.get(key, True)
    )
    length = request.inputs["length"]
    size = int(length) if isinstance(length, int | float) else 0
    return {
        "result": request.token(size, "result", alphabet),
        "bcryptHash": "$2a$10$" + request.token(53, "bcrypt", BCRYPT),
    }


def _string(request: Request) -> Json:
    return {"result": _password(request)["result"]}


def _identifier(request: Request) -> Json:
    length = request.inputs["byteLength"]
    digits = request.hex("", 2 * int(length) if isinstance(length, int | float) else 0)
    return {"hex": digits, "dec": str(int(digits, 16)), "b64Url": digits, "b64Std": digits}


_LETTERS = frozenset(
    {
        *("keepers", "length", "lower", "minLower", "minNumeric", "minSpecial", "minUpper"),
        *("numeric", "overrideSpecial", "special", "upper"),
    }
)

MODELS = {
    "random:index/randomPassword:RandomPassword": Model(
        # the real provider says `none` of each; here ids tell resources apart
        identity=lambda r: r.hex("none-", 12),
        outputs=_password,
        replaces=_LETTERS,
    ),
    "random:index/randomString:RandomString": Model(
        identity=lambda r: str(_password(r)["result"]), outputs=_string, replaces=_LETTERS
    ),
    "random:index/randomId:RandomId": Model(
        identity=lambda r: r.hex("", 11),
        outputs=_identifier,
        replaces=frozenset({"byteLength", "keepers", "prefix"}),
    ),
    "random:index/randomUuid:RandomUuid": Model(
        identity=lambda r: r.uuid(),
        outputs=lambda r: {"result": r.id},
        replaces=frozenset({"keepers"}),
    ),
}
