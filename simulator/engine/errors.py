"""What the engine's locator and builder raise."""


class EngineError(Exception):
    """There is no engine to run, and the message says what would give one.

    The message is complete: print it without a traceback and exit with `exit_code`.
    """

    exit_code = 1
