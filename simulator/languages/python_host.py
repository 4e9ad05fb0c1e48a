"""A stand-in for Pulumi's Python language host, which is in no package registry.

It runs plugins, such as our component package, as that one does (`python FOLDER ENGINE`), and
programs in the environment that their project names. It installs nothing. It runs as a file, by
itself, so that what it starts finds nothing of this repository.
"""

# The generated base class has no real signatures.
# pyright: reportIncompatibleMethodOverride=false

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from importlib import metadata
from pathlib import Path
from queue import SimpleQueue
from typing import IO, cast

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2, language_pb2_grpc, plugin_pb2

PROGRAM = Path(__file__).with_name("python_program.py")


class PythonHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Method names are the protocol's."""

    def __init__(self, engine: str) -> None:
        """Serve the engine at this address."""
        self._engine = engine

    def Handshake(
        self, request: language_pb2.LanguageHandshakeRequest, context: grpc.ServicerContext
    ) -> object:
        return language_pb2.LanguageHandshakeResponse()

    def GetPluginInfo(self, request: object, context: grpc.ServicerContext) -> object:
        return plugin_pb2.PluginInfo(version=metadata.version("pulumi"))

    def GetRequiredPackages(
        self, request: language_pb2.GetRequiredPackagesRequest, context: grpc.ServicerContext
    ) -> object:
        return language_pb2.GetRequiredPackagesResponse()

    def InstallDependencies(
        self, request: language_pb2.InstallDependenciesRequest, context: grpc.ServicerContext
    ) -> Iterator[object]:
        return iter(())

    def Cancel(self, request: object, context: grpc.ServicerContext) -> object:
        return empty_pb2.Empty()

    def Run(self, request: language_pb2.RunRequest, context: grpc.ServicerContext) -> object:
        """Run a program, and return what went wrong."""
        command = [_interpreter(request.info), "-P", PROGRAM, request.info.program_directory]
        program = subprocess.Popen(
            command, cwd=request.pwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True
        )
        context.add_callback(program.terminate)
        with program, cast("IO[str]", program.stdout) as printed:
            port = printed.readline().strip()
            if not port:
                context.abort(grpc.StatusCode.UNKNOWN, f"{command[0]} can't run the program")
            threading.Thread(target=_pass_on, args=(printed,), daemon=True).start()
            request.args[:] = [self._engine]
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                host = language_pb2_grpc.LanguageRuntimeStub(channel)
                answer = cast("object", host.Run(request))
            program.terminate()
            return answer

    def RunPlugin(
        self, request: language_pb2.RunPluginRequest, context: grpc.ServicerContext
    ) -> Iterator[object]:
        """Run a plugin until it ends or the engine hangs up, and pass on what it prints."""
        plugin = subprocess.Popen(
            [_interpreter(request.info), request.info.program_directory, *request.args],
            cwd=request.pwd,
            env=dict(entry.split("=", 1) for entry in request.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        context.add_callback(plugin.terminate)
        printed: SimpleQueue[object] = SimpleQueue()
        readers = [
            threading.Thread(target=_read, args=(stream, said, printed), daemon=True)
            for stream, said in ((plugin.stdout, _on_stdout), (plugin.stderr, _on_stderr))
        ]
        for reader in readers:
            reader.start()
        open_ = len(readers)
        while open_:
            said = printed.get()
            if said is None:
                open_ -= 1
            else:
                yield said
        yield language_pb2.RunPluginResponse(exitcode=plugin.wait())


def _interpreter(info: language_pb2.ProgramInfo) -> str:
    """Return the project's own interpreter if it has one, else the one that runs this."""
    options = dict(info.options)
    own = Path(info.root_directory, str(options.get("virtualenv") or ".venv"), "bin", "python")
    return str(own) if own.exists() else sys.executable


def _pass_on(printed: IO[str]) -> None:
    with contextlib.suppress(ValueError):  # closed, when the program has ended
        for line in printed:
            print(line, end="", flush=True)


def _on_stdout(text: bytes) -> object:
    return language_pb2.RunPluginResponse(stdout=text)


def _on_stderr(text: bytes) -> object:
    return language_pb2.RunPluginResponse(stderr=text)


def _read(stream: IO[bytes], said: Callable[[bytes], object], into: "SimpleQueue[object]") -> None:
    with stream:
        while text := os.read(stream.fileno(), 65536):
            into.put(said(text))
    into.put(None)


def main() -> None:
    """Serve until the engine ends this process."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=8))
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(PythonHost(sys.argv[-1]), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    print(port, flush=True)
    with contextlib.suppress(KeyboardInterrupt):  # how the engine ends it
        server.wait_for_termination()


if __name__ == "__main__":
    main()
