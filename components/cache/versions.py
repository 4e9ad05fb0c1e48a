"""Engine versions that ElastiCache runs, and the parameter families that go with them."""

from collections.abc import Mapping, Sequence

from components.cache.args import CacheEngine

VERSIONS: Mapping[CacheEngine, Mapping[str, Sequence[str]]] = {
    CacheEngine.VALKEY: {
        "9": ("9.1", "9.0"),
        "8": ("8.2", "8.1", "8.0"),
        "7": ("7.2",),
    },
    CacheEngine.REDIS: {"7": ("7.1", "7.0")},
}
"""Minor versions by major version, newest first. Redis OSS 6.2 and older are left out: they are in
extended support, or about to be.

https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/engine-versions.html (2026-11)
"""

DEFAULT_MAJOR: Mapping[CacheEngine, str] = {CacheEngine.VALKEY: "8", CacheEngine.REDIS: "7"}
"""What a cache runs whose stack file names no version. A change here is no upgrade of caches that
exist: it must be announced, and named in their stack files."""


def known_versions(engine: CacheEngine) -> Sequence[str]:
    """Return what `engine_version` may be: major versions, then minor ones, newest first."""
    by_major = VERSIONS[engine]
    return [*by_major, *(minor for minors in by_major.values() for minor in minors)]


def major_of(version: str) -> str:
    """Return the major version of a version."""
    return version.split(".", maxsplit=1)[0]


def family_of(engine: CacheEngine, version: str) -> str:
    """Return the parameter group family, e.g. `valkey8`."""
    return f"{engine.value}{major_of(version)}"
