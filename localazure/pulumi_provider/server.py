"""The gRPC server around the provider: Pulumi's service description, and errors as the engine shows them."""

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import Message
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from localazure.errors import LocalAzureError
from localazure.pulumi_provider.provider import AzureNativeProvider

_SERVICE = "pulumirpc.ResourceProvider"
_PARALLEL_CALLS = 32
_WATCH_SECONDS = 2.0
_ANY_SIZE = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


def start(provider: AzureNativeProvider) -> tuple[grpc.Server, int]:
    """Serve `provider` on a free loopback port; the server and its port."""
    server = grpc.server(ThreadPoolExecutor(_PARALLEL_CALLS), options=_ANY_SIZE)
    handlers = {
        name: grpc.unary_unary_rpc_method_handler(
            _answering(method),
            request_deserializer=request.FromString,
            response_serializer=_serialized,
        )
        for name, (method, request) in _methods(provider).items()
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(_SERVICE, handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def stop_on_signals(server: grpc.Server) -> None:
    """End quietly on the signals with which the engine ends its plugins."""
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, lambda *_: server.stop(grace=None))


def serve_for_parent(server: grpc.Server) -> None:
    """Serve until the engine that started this process has ended it, or is itself gone."""
    engine = os.getppid()
    while server.wait_for_termination(_WATCH_SECONDS):
        if os.getppid() != engine:
            server.stop(grace=None)
            return


def _methods(provider: AzureNativeProvider) -> dict[str, tuple[Callable[[Any], Message], type[Message]]]:
    return {
        "Handshake": (provider.handshake, provider_pb2.ProviderHandshakeRequest),
        "Attach": (provider.attach, plugin_pb2.PluginAttach),
        "GetPluginInfo": (provider.plugin_info, Empty),
        "GetSchema": (provider.schema, provider_pb2.GetSchemaRequest),
        "CheckConfig": (provider.check_config, provider_pb2.CheckRequest),
        "DiffConfig": (provider.diff_config, provider_pb2.DiffRequest),
        "Configure": (provider.configure, provider_pb2.ConfigureRequest),
        "Check": (provider.check, provider_pb2.CheckRequest),
        "Diff": (provider.diff, provider_pb2.DiffRequest),
        "Create": (provider.create, provider_pb2.CreateRequest),
        "Read": (provider.read, provider_pb2.ReadRequest),
        "Update": (provider.update, provider_pb2.UpdateRequest),
        "Delete": (provider.delete, provider_pb2.DeleteRequest),
        "Invoke": (provider.invoke, provider_pb2.InvokeRequest),
        "Cancel": (provider.cancel, Empty),
    }


def _serialized(message: Message) -> bytes:
    return message.SerializeToString()


def _answering(method: Callable[[Any], Message]) -> Callable[[Any, grpc.ServicerContext], Message]:
    """What a user or ARM caused reaches the engine as one sentence; a defect keeps its traceback."""

    def answer(request: Message, context: grpc.ServicerContext) -> Message:
        try:
            return method(request)
        except LocalAzureError as error:
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
            raise

    return answer
