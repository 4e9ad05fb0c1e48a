"""A worker without HTTP tells that it works: it touches a file, whose age a probe checks.

What is touched from is the loop that takes work: a worker that takes none any more, be it stuck or
cut off from its broker, grows old and is started anew.
"""

from pathlib import Path

import structlog

SECONDS = 10.0
"""Between two beats. The platform waits for the longest task and a minute more."""

log = structlog.stdlib.get_logger("heartbeat")


class Heartbeat:
    """Touches a file each time it is called; with no file it does nothing."""

    def __init__(self, file: str) -> None:
        self._file = Path(file) if file else None

    def __call__(self) -> None:
        """Tell that work is being taken."""
        try:
            if self._file:
                self._file.touch()
        except OSError as error:  # a full disk is no reason to stop working
            log.warning("no heartbeat", error=type(error).__name__)
