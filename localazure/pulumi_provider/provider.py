"""Answers what the Pulumi engine asks: unpacks requests, calls the rest of this package, packs answers."""

import json
import os
from collections.abc import Mapping

from google.protobuf.empty_pb2 import Empty
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import plugin_pb2, provider_pb2

from localazure.home import SUBSCRIPTION_ID
from localazure.pulumi_provider import catalogue, check, diff, mapping, wire
from localazure.pulumi_provider.arm_client import ArmClient, Json
from localazure.pulumi_provider.catalogue import ResourceType
from localazure.pulumi_provider.errors import ProviderError
from localazure.pulumi_provider.functions import Functions
from localazure.pulumi_provider.lifecycles import Lifecycle, lifecycles
from localazure.pulumi_provider.property_values import Properties, has_unknown, reveal

_SUBSCRIPTION = "subscriptionId"
_LOCATION = "location"
_CONFIG_PREFIX = "azure-native:config:"


class AzureNativeProvider:
    """azure-native over ARM. Its only state is the stack's configuration and the HTTP connections.

    Methods take and return one protobuf message, and raise LocalAzureError for what a user or ARM caused.
    """

    def __init__(self, version: str) -> None:
        self._version = version
        self._catalogue = catalogue.load()
        self._client = ArmClient()
        self._lifecycles = lifecycles(self._client)
        self._subscription = SUBSCRIPTION_ID
        self._location: str | None = None

    def handshake(self, _: provider_pb2.ProviderHandshakeRequest) -> provider_pb2.ProviderHandshakeResponse:
        """Secrets come and go as such; outputs and resource references as plain values."""
        return provider_pb2.ProviderHandshakeResponse(accept_secrets=True, supports_autonaming_configuration=True)

    def attach(self, _: plugin_pb2.PluginAttach) -> Empty:
        """Nothing to do: the engine's own services are not used."""
        return Empty()

    def plugin_info(self, _: Empty) -> plugin_pb2.PluginInfo:
        """The version of the SDK that this provider serves."""
        return plugin_pb2.PluginInfo(version=self._version)

    def schema(self, _: provider_pb2.GetSchemaRequest) -> provider_pb2.GetSchemaResponse:
        """Only the name: programs bring the SDK, which was generated from the official schema."""
        return provider_pb2.GetSchemaResponse(schema=json.dumps({"name": "azure-native", "version": self._version}))

    def check_config(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Any configuration will do: credentials are the managed identity's."""
        return provider_pb2.CheckResponse(inputs=request.news)

    def diff_config(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Another subscription means other resources; nothing else matters to what exists."""
        olds = reveal(wire.read(request.old_inputs)) or reveal(wire.read(request.olds))
        news = reveal(wire.read(request.news))
        changed = sorted(key for key in olds.keys() | news.keys() if olds.get(key) != news.get(key))
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if changed else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=changed,
            replaces=[_SUBSCRIPTION] if _SUBSCRIPTION in changed else [],
        )

    def configure(self, request: provider_pb2.ConfigureRequest) -> provider_pb2.ConfigureResponse:
        """Take subscription and location from the stack, else ARM_SUBSCRIPTION_ID and ARM_LOCATION."""
        given = {key: value for key, value in reveal(wire.read(request.args)).items() if not has_unknown(value)}
        given |= {key.removeprefix(_CONFIG_PREFIX): value for key, value in request.variables.items()}
        self._subscription = given.get(_SUBSCRIPTION) or os.environ.get("ARM_SUBSCRIPTION_ID") or SUBSCRIPTION_ID
        self._location = given.get(_LOCATION) or os.environ.get("ARM_LOCATION")
        return provider_pb2.ConfigureResponse(
            acceptSecrets=True, supportsPreview=True, supports_autonaming_configuration=True
        )

    def check(self, request: provider_pb2.CheckRequest) -> provider_pb2.CheckResponse:
        """Complete the inputs, and refuse what no ARM request can be made of."""
        try:
            kind = self._kind(request.urn)
        except ProviderError as problem:
            return provider_pb2.CheckResponse(failures=[provider_pb2.CheckFailure(reason=str(problem))])
        subject = check.Subject(kind, _logical_name(request.urn), request.randomSeed, _autonaming(request))
        inputs, failures = check.complete(
            subject, wire.read(request.news), reveal(wire.read(request.olds)), self._location
        )
        return provider_pb2.CheckResponse(
            inputs=wire.write(inputs),
            failures=[provider_pb2.CheckFailure(property=item.property, reason=item.reason) for item in failures],
        )

    def diff(self, request: provider_pb2.DiffRequest) -> provider_pb2.DiffResponse:
        """Compare the program's inputs with those of the last update."""
        kind = self._kind(request.urn)
        found = diff.compare(kind, wire.read(request.old_inputs), wire.read(request.news))
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME if found.changes else provider_pb2.DiffResponse.DIFF_NONE,
            diffs=found.diffs,
            replaces=found.replaces,
            deleteBeforeReplace=bool(found.replaces) and found.same_id,
            hasDetailedDiff=True,
            detailedDiff={change.pulumi_path: _property_diff(change) for change in found.changes},
        )

    def create(self, request: provider_pb2.CreateRequest) -> provider_pb2.CreateResponse:
        """Make the resource, or say what is known of it in a preview."""
        kind, inputs = self._kind(request.urn), wire.read(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(properties=wire.write(mapping.preview_outputs(kind, inputs, {})))
        path = mapping.resource_path(kind, inputs, self._subscription)
        response = self._lifecycle(kind).create(kind, path, inputs)
        return provider_pb2.CreateResponse(id=response.get("id") or path, properties=_state(kind, response, inputs))

    def read(self, request: provider_pb2.ReadRequest) -> provider_pb2.ReadResponse:
        """The resource as it is now; inputs with what drifted (refresh) or made from its state (import)."""
        kind = self._kind(request.urn)
        inputs, before = wire.read(request.inputs), wire.read(request.properties)
        response = self._lifecycle(kind).read(kind, request.id, before or inputs)
        if response is None:
            return provider_pb2.ReadResponse()
        if inputs:
            after = mapping.outputs(kind, response, inputs)
            inputs = mapping.refreshed_inputs(kind, inputs, before, after)
        else:
            after = mapping.function_result(kind, response)
            inputs = mapping.inputs_from(kind, request.id, after)
        after.pop("id", None)
        return provider_pb2.ReadResponse(
            id=response.get("id") or request.id, properties=wire.write(after), inputs=wire.write(inputs)
        )

    def update(self, request: provider_pb2.UpdateRequest) -> provider_pb2.UpdateResponse:
        """Bring the resource to the program's inputs, or say what is known of the outcome in a preview."""
        kind, inputs = self._kind(request.urn), wire.read(request.news)
        if request.preview:
            outputs = mapping.preview_outputs(kind, inputs, wire.read(request.olds))
            return provider_pb2.UpdateResponse(properties=wire.write(outputs))
        response = self._lifecycle(kind).update(kind, request.id, inputs)
        return provider_pb2.UpdateResponse(properties=_state(kind, response, inputs))

    def delete(self, request: provider_pb2.DeleteRequest) -> Empty:
        """Remove the resource; one that is gone already is fine."""
        kind = self._kind(request.urn)
        state = wire.read(request.old_inputs) | wire.read(request.properties)
        self._lifecycle(kind).delete(kind, request.id, state)
        return Empty()

    def invoke(self, request: provider_pb2.InvokeRequest) -> provider_pb2.InvokeResponse:
        """Call a function such as getClientConfig."""
        functions = Functions(self._catalogue, self._client, self._subscription)
        response = provider_pb2.InvokeResponse()
        result: Struct = getattr(response, "return")
        result.CopyFrom(wire.write(functions.call(request.tok, wire.read(request.args))))
        return response

    def cancel(self, _: Empty) -> Empty:
        """Stop waiting for Azure."""
        self._client.cancel()
        return Empty()

    def _kind(self, urn: str) -> ResourceType:
        return self._catalogue.resource(_token(urn))

    def _lifecycle(self, kind: ResourceType) -> Lifecycle:
        return self._lifecycles[kind.lifecycle]


def _token(urn: str) -> str:
    """`azure-native:storage:StorageAccount` of `urn:pulumi:stack::project::parent$azure-native:…::name`."""
    return urn.split("::")[2].rpartition("$")[2]


def _logical_name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _autonaming(request: provider_pb2.CheckRequest) -> check.Autonaming:
    if not request.HasField("autonaming"):
        return check.Autonaming()
    options = request.autonaming
    return check.Autonaming(options.proposed_name, disabled=options.mode == options.DISABLE)


def _state(kind: ResourceType, response: Json, inputs: Mapping[str, object]) -> Struct:
    outputs: Properties = mapping.outputs(kind, response, inputs)
    outputs.pop("id", None)
    return wire.write(outputs)


def _property_diff(change: diff.Change) -> provider_pb2.PropertyDiff:
    name = f"{change.kind}_REPLACE" if change.replaces else str(change.kind)
    return provider_pb2.PropertyDiff(kind=provider_pb2.PropertyDiff.Kind.Value(name.upper()), inputDiff=True)
