"""What the embedded cloud's commands say when they cannot go on: one message, no traceback."""

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes, for a CI to tell apart."""

    OK = 0
    FAILED = 1
    """The engine, the program or the simulated cloud failed."""
    BAD_INPUT = 2
    """The command line or the configuration is wrong; nothing was touched."""
    REFUSED = 3
    """A policy or the replacement guard said no; nothing was touched."""
    INTERRUPTED = 130
    """Ctrl-C; what was done is in the state."""


class SimulatorError(Exception):
    """A command cannot go on."""

    def __init__(self, message: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(message)
        self.code = code
