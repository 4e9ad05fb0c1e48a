"""What building a program raises."""


class BuildError(Exception):
    """There is no program to run, and the message says what would give one.

    The message is complete: print it without a traceback and exit with `exit_code`.
    """

    exit_code = 1
