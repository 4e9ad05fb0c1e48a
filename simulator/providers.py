"""Stand-in providers: the simulated cloud, served to the real engine over gRPC.

The engine attaches to them through PULUMI_DEBUG_PROVIDERS instead of starting the real plugins.
"""

# The generated base class has no real signatures.
# pyright: reportIncompatibleMethodOverride=false

import contextlib
from collections.abc import Generator
from concurrent import futures
from importlib import metadata

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from simulator import kubernetes
from simulator.cloud.core import Cloud, CloudError
from simulator.cloud.package import package_schema
from simulator.cloud.values import Change, from_struct, is_unknown, to_struct

PACKAGES = ("aws", "kubernetes", "random")

_MAX_MESSAGE = 400 * 1024 * 1024
"""As Pulumi's own servers, sdk/go/common/util/rpcutil."""

_KINDS = {
    (Change.ADDED, False): provider_pb2.PropertyDiff.ADD,
    (Change.ADDED, True): provider_pb2.PropertyDiff.ADD_REPLACE,
    (Change.DELETED, False): provider_pb2.PropertyDiff.DELETE,
    (Change.DELETED, True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    (Change.UPDATED, False): provider_pb2.PropertyDiff.UPDATE,
    (Change.UPDATED, True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """One package's provider. Method names are the protocol's."""

    def __init__(self, package: str, cloud: Cloud) -> None:
        self._package = package
        self._cloud = cloud

    def Handshake(
        self, request: provider_pb2.ProviderHandshakeRequest, context: grpc.ServicerContext
    ) -> object:
        return provider_pb2.ProviderHandshakeResponse()

    def Attach(self, request: plugin_pb2.PluginAttach, context: grpc.ServicerContext) -> object:
        return empty_pb2.Empty()

    def Cancel(self, request: object, context: grpc.ServicerContext) -> object:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: object, context: grpc.ServicerContext) -> object:
        return plugin_pb2.PluginInfo(version=metadata.version(f"pulumi-{self._package}"))

    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: grpc.ServicerContext
    ) -> object:
        return provider_pb2.GetSchemaResponse(schema=package_schema(self._package))

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> object:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext
    ) -> object:
        old, new = from_struct(request.old_inputs), from_struct(request.news)
        replaces: list[str] = []
        if self._package == "kubernetes" and kubernetes.replaces_provider(
            old, new, unknown=is_unknown
        ):
            replaces = ["kubeconfig"]
        changed = old != new
        return provider_pb2.DiffResponse(
            changes=_changes(changed), replaces=replaces, diffs=["kubeconfig"] if replaces else []
        )

    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: grpc.ServicerContext
    ) -> object:
        # secrets stay in the engine: they come here unwrapped and are marked again on return
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True)

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> object:
        try:
            answer = self._cloud.invoke(request.tok, from_struct(request.args))
        except CloudError as error:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, str(error))
        response = provider_pb2.InvokeResponse()
        getattr(response, "return").CopyFrom(to_struct(answer))  # a Python keyword
        return response

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> object:
        inputs, problems = self._cloud.check(
            _type(request.urn),
            _name(request.urn),
            from_struct(request.news),
            olds=from_struct(request.olds),
            seed=request.randomSeed,
        )
        failures = [provider_pb2.CheckFailure(property=p.path, reason=p.reason) for p in problems]
        return provider_pb2.CheckResponse(inputs=to_struct(inputs), failures=failures)

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> object:
        found = self._cloud.compare(
            _type(request.urn), from_struct(request.old_inputs), from_struct(request.news)
        )
        ignored = set(request.ignoreChanges)
        differences = [d for d in found.differences if d.bare not in ignored]
        detailed = {
            d.path: provider_pb2.PropertyDiff(
                kind=_KINDS[d.change, d.path in found.replaces], inputDiff=True
            )
            for d in differences
        }
        return provider_pb2.DiffResponse(
            changes=_changes(bool(differences)),
            diffs=sorted({d.path.split(".")[0].split("[")[0] for d in differences}),
            replaces=found.replaces,
            detailedDiff=detailed,
            hasDetailedDiff=True,
            deleteBeforeReplace=found.delete_before_replace,
        )

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> object:
        inputs = from_struct(request.properties)
        try:
            id_, outputs = self._cloud.create(
                _type(request.urn), request.urn, _name(request.urn), inputs, preview=request.preview
            )
        except CloudError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return provider_pb2.CreateResponse(id=id_, properties=to_struct(outputs))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> object:
        state = self._cloud.read(_type(request.urn), request.id, from_struct(request.properties))
        if state is None:
            return provider_pb2.ReadResponse(id="")
        return provider_pb2.ReadResponse(
            id=request.id, properties=to_struct(state), inputs=request.inputs
        )

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> object:
        try:
            outputs = self._cloud.update(
                _type(request.urn),
                request.urn,
                request.id,
                from_struct(request.olds),
                from_struct(request.news),
                preview=request.preview,
            )
        except CloudError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> object:
        try:
            self._cloud.delete(_type(request.urn), request.id, from_struct(request.properties))
        except CloudError as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        return empty_pb2.Empty()


@contextlib.contextmanager
def serve(cloud: Cloud) -> Generator[str]:
    """Serve the stand-ins of all packages that are not real, on loopback ports that are free.

    Yields the value of PULUMI_DEBUG_PROVIDERS.
    """
    servers: list[grpc.Server] = []
    attached: list[str] = []
    try:
        for package in (each for each in PACKAGES if each not in cloud.real.packages):
            server = grpc.server(
                futures.ThreadPoolExecutor(max_workers=8),
                options=[
                    ("grpc.max_receive_message_length", _MAX_MESSAGE),
                    ("grpc.max_send_message_length", _MAX_MESSAGE),
                ],
            )
            provider_pb2_grpc.add_ResourceProviderServicer_to_server(
                StandIn(package, cloud), server
            )
            port = server.add_insecure_port("127.0.0.1:0")
            server.start()
            servers.append(server)
            attached.append(f"{package}:{port}")
        yield ",".join(attached)
    finally:
        for server in servers:
            server.stop(grace=None)


def _changes(changed: bool) -> "provider_pb2.DiffResponse.DiffChanges.ValueType":
    some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
    return some if changed else none


def _type(urn: str) -> str:
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]
