"""Serves one Python program to the engine, by the SDK's own server of inline programs.

The interpreter of the program's environment runs this file. That has Pulumi's SDK and not this
repository, so nothing of it is imported here.
"""

import os
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.automation._server import LanguageServer  # pyright: ignore[reportPrivateUsage]
from pulumi.runtime.proto import language_pb2_grpc


def main() -> None:
    """Serve the program in the folder that is the first argument, until this process is ended."""
    folder = sys.argv[1]
    sys.path.insert(0, folder)
    sys.argv = [os.path.join(folder, "__main__.py")]  # noqa: PTH118 - as Python itself has it

    def program() -> None:
        runpy.run_path(sys.argv[0], run_name="__main__")

    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(program), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    server.wait_for_termination()


if __name__ == "__main__":
    main()
