"""Who may call: machines by their keys, consumers by their groups, networks, and no known bots."""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from components.gateway.plugins.plugin import Plugin, refuse

KEY_AUTH, ACL, IP_RESTRICTION, BOT_DETECTION = (
    "key-auth",
    "acl",
    "ip-restriction",
    "bot-detection",
)

KEY_HEADER = "X-API-Key"

GROUP = re.compile(r"[a-z][a-z0-9-]{0,62}", re.ASCII)
HEADER = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

SHORTEST_KEY = 32
"""Characters of a machine's key: 128 bits even in hexadecimal."""

WORLD = ("0.0.0.0/0", "::/0")


def key_auth(header: str = KEY_HEADER) -> Plugin:
    """Return the plugin that lets machines in by a key in a header, and hides it from the service.

    The keys are credentials of consumers: `machine_key` in components/gateway/consumer.py.

    :raises InvalidInput: for what is no name of a header.
    """
    wrong = not HEADER.fullmatch(header)
    refuse(KEY_AUTH, [("header", f"{header!r} is no name of a header")] if wrong else [])
    return Plugin(
        KEY_AUTH,
        {
            "key_names": [header],
            "key_in_header": True,
            # URLs and bodies are logged, cached and kept.
            "key_in_query": False,
            "key_in_body": False,
            "hide_credentials": True,
            "run_on_preflight": False,
        },
    )


def key_problems(key: str) -> list[str]:
    """Return what is wrong with a machine's key, without showing it."""
    if len(key) < SHORTEST_KEY:
        return [f"a key has {SHORTEST_KEY} characters or more; this one has {len(key)}"]
    return []


def acl(*groups: str) -> Plugin:
    """Return the plugin that lets in consumers of one of the `groups` only.

    It comes after `key_auth` or `token_check`, which find out who the consumer is.

    :raises InvalidInput: for no groups, or what is no name of one.
    """
    refuse(ACL, _group_problems(groups))
    return Plugin(
        ACL,
        {
            "allow": list(groups),
            "hide_groups_header": True,
            "always_use_authenticated_groups": False,
        },
    )


def ip_restriction(allow: Sequence[str] = (), deny: Sequence[str] = ()) -> Plugin:
    """Return the plugin that answers 403 to addresses that are not allowed, or are denied.

    The address is the caller's, as the load balancer tells it (`real_ip`).

    :param allow: IPv4 or IPv6 networks; all others are denied.
    :raises InvalidInput: for neither, for no networks, and for the whole world.
    """
    refuse(IP_RESTRICTION, _network_problems(allow, deny))
    lists = {"allow": [*allow], "deny": [*deny]}
    return Plugin(
        IP_RESTRICTION,
        {**{key: found for key, found in lists.items() if found}, "status": 403},
    )


def bot_detection(allow: Sequence[str] = (), deny: Sequence[str] = ()) -> Plugin:
    """Return the plugin that answers 403 to clients that call themselves bots.

    A courtesy, no defence: a client calls itself what it likes; see the firewall's rules.

    :param allow: regular expressions of `User-Agent` that are let in all the same.
    :param deny: more of them that are not, beside Kong's own.
    :raises InvalidInput: for what is no regular expression.
    """
    refuse(BOT_DETECTION, [*_pattern_problems("allow", allow), *_pattern_problems("deny", deny)])
    return Plugin(BOT_DETECTION, {"allow": list(allow), "deny": list(deny)})


def _group_problems(groups: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not groups:
        yield "groups", "one or more are needed"
    for group in groups:
        if not GROUP.fullmatch(group):
            yield "groups", f"{group!r} is not valid: small letters, digits and hyphens"


def _network_problems(allow: Sequence[str], deny: Sequence[str]) -> Iterator[tuple[str, str]]:
    if not allow and not deny:
        yield "", "one of allow and deny is needed"
    for side, networks in (("allow", allow), ("deny", deny)):
        for network in networks:
            try:
                ipaddress.ip_network(network)
            except ValueError as error:
                yield side, f"{network!r} is not valid: {error}"
                continue
            if network in WORLD:
                yield side, f"{network} is everybody: leave the plugin out, or the route"


def _pattern_problems(side: str, patterns: Sequence[str]) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            yield side, f"{pattern!r} is no regular expression: {error}"
