"""Running the Pulumi program against mocks: what it would register, in a thread with a Pulumi runtime of its own."""

import asyncio
import gc
import json
import logging
import runpy
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import NAMESPACE_DNS, uuid5

import grpc
import pulumi
from pulumi.runtime import rpc
from pulumi.runtime.mocks import MockCallArgs, MockMonitor, MockResourceArgs, Mocks, set_mocks
from pulumi.runtime.settings import SETTINGS, set_root_resource
from pulumi.runtime.stack import run_in_stack

ROOT = Path(__file__).parents[2]
SUBSCRIPTION = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
TENANT = "9b2d6f1e-0c9a-4c39-8a4d-5f3c1f4f7a10"
DEPLOYER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
IDENTITY_PRINCIPAL = "a3bb189e-8bf9-4888-9912-ace4e6543002"
CLUSTER_PRINCIPAL = "b4cc189e-8bf9-4888-9912-ace4e6543003"
REGISTRY_ID = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-shared/providers/Microsoft.MachineLearningServices"
    "/registries/mlr-churn-shr-euw"
)
ACCOUNT_KEY = "the-key-of-the-account"
WORKSPACE_PRINCIPAL = "c5dd189e-8bf9-4888-9912-ace4e6543004"
HUB_ID = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.MachineLearningServices/workspaces/hub-a"
)
_HYPHENS_OF_THE_DEFAULT_CLUSTER = 3


@dataclass(frozen=True)
class Registered:
    """One resource as the engine would be told: its inputs under their wire names, and which of them are secret."""

    type: str
    name: str
    inputs: dict[str, Any]
    secret: frozenset[str]
    urn: str
    depends_on: frozenset[str]
    ignores: tuple[str, ...]
    secret_outputs: tuple[str, ...]
    hooks: tuple[str, ...]
    protected: bool
    import_id: str


@dataclass
class Run:
    """Everything that one run of the program told the engine."""

    resources: list[Registered] = field(default_factory=list)
    outputs: dict[str, Any] = field(default_factory=dict)
    raw_outputs: str = ""
    hooks: dict[str, pulumi.ResourceHook] = field(default_factory=dict)
    error_hooks: dict[str, pulumi.ErrorHook] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    error: BaseException | None = None

    def one(self, type_: str) -> Registered:
        """The only resource of a type, given as `module:Type`."""
        found = self.all(type_)
        assert len(found) == 1, (type_, [resource.name for resource in found])
        return found[0]

    def all(self, type_: str) -> list[Registered]:
        """The resources of a type."""
        return [resource for resource in self.resources if resource.type == f"azure-native:{type_}"]

    @property
    def azure(self) -> list[Registered]:
        """The resources that are Azure's, components left out."""
        return [resource for resource in self.resources if resource.type.startswith("azure-native:")]


class Encrypted(dict[str, Any]):
    """The value of a key that the engine has to decrypt, wholly or in part."""


def run_program(
    stack: str, config: Mapping[str, Any], *, tenant: str = TENANT, preview: bool = False, deployer: str = DEPLOYER
) -> Run:
    """Run `infra/` for `stack` with `config`, full keys to plain values. A failure is in `error`."""
    run = Run()

    def in_thread() -> None:
        asyncio.set_event_loop(asyncio.new_event_loop())
        try:
            _run(run, stack, _Azure(tenant, deployer), preview=preview)
        except BaseException as error:
            run.error = error
        finally:
            asyncio.get_event_loop().close()

    # A thread begins with an empty context, and Pulumi keeps its state in context variables.
    thread = threading.Thread(target=in_thread)
    engine = {
        "PULUMI_CONFIG": json.dumps(_as_the_engine_passes(config)),
        "PULUMI_CONFIG_SECRET_KEYS": json.dumps([key for key, value in config.items() if isinstance(value, Encrypted)]),
    }
    with patch.dict("os.environ", engine), _no_garbage_collected():
        thread.start()
        thread.join()
    return run


@contextmanager
def _no_garbage_collected() -> Iterator[None]:
    """Half of a run's time would go into looking through azure-native's modules for garbage, which they never are."""
    gc.disable()
    try:
        yield
    finally:
        _keep_modules()
        gc.enable()


@cache
def _keep_modules() -> None:
    """What the first run has imported stays, and is not looked through between the runs either."""
    gc.freeze()


def created(stack: str, config: Mapping[str, Any], **options: Any) -> Run:
    """Like `run_program`, of a run that must succeed."""
    run = run_program(stack, config, **options)
    if run.error is not None:
        raise run.error
    return run


def principal_of(compute: str) -> str:
    """The principal of a compute's own identity, by the compute's name: one each, the default cluster's is known."""
    is_default = compute.count("-") == _HYPHENS_OF_THE_DEFAULT_CLUSTER
    return CLUSTER_PRINCIPAL if is_default else str(uuid5(NAMESPACE_DNS, compute))


def _as_the_engine_passes(config: Mapping[str, Any]) -> dict[str, str]:
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in config.items()}


def _run(run: Run, stack: str, azure: Mocks, *, preview: bool) -> None:
    set_mocks(azure, project="mlws", stack=stack, preview=preview, monitor=_Monitor(azure, run), logger=_logger(run))
    SETTINGS.callbacks = _Callbacks(run)  # the real one is a gRPC server
    set_root_resource(None)  # type: ignore[arg-type] # the stack that the mocks make is in the way of our own

    def program() -> None:
        runpy.run_path(str(ROOT / "infra" / "__main__.py"), run_name="__main__")

    asyncio.get_event_loop().run_until_complete(run_in_stack(program))


def _logger(run: Run) -> logging.Logger:
    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            run.warnings.append(record.getMessage())

    logger = logging.Logger("pulumi-program", logging.WARNING)
    logger.addHandler(Keep())
    return logger


class _Refused(grpc.RpcError):
    """What the engine answers instead of a result."""

    def code(self) -> grpc.StatusCode:
        return grpc.StatusCode.UNKNOWN

    def details(self) -> str:
        return str(self)


class _Azure(Mocks):
    """Answers as Azure would: ids of the right shape, principals of identities, keys of accounts."""

    def __init__(self, tenant: str, deployer: str) -> None:
        self._client = {
            "clientId": "client",
            "objectId": deployer,
            "subscriptionId": SUBSCRIPTION,
            "tenantId": tenant,
        }

    def new_resource(self, args: MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if not args.typ.startswith("azure-native:"):
            return "", dict(args.inputs)
        name = name_of(args.typ, args.inputs)
        outputs = {**args.inputs, "name": name, **_read_only(args.typ, name)}
        return f"/subscriptions/{SUBSCRIPTION}/{args.typ}/{name}", outputs

    def _outputs_of(self, stack: str) -> dict[str, str]:
        """Of any other stack; one has made nothing, and one is not there."""
        if stack.endswith(("/gone", "/shard")):
            raise _Refused(f'unknown stack "{stack}"')
        return {} if stack.endswith("/empty") else {"model_registry_id": REGISTRY_ID, "workspace_id": HUB_ID}

    def call(self, args: MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        if args.args.get("workspaceName") == "hub-gone":
            raise _Refused("getWorkspace returned an error: ResourceNotFound: it was not found.")
        answers: dict[str, dict[str, Any]] = {
            "azure-native:authorization:getClientConfig": self._client,
            "azure-native:authorization:getClientToken": {"token": "a-token"},
            "pulumi:pulumi:readStackResourceOutputs": {"outputs": {}},
            "pulumi:pulumi:readStackOutputs": {"outputs": self._outputs_of(str(args.args.get("name")))},
            "azure-native:machinelearningservices:getWorkspace": {
                "kind": "Default" if args.args.get("workspaceName") == "mlw-a" else "Hub",
                "storageAccount": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/sthub",
                "keyVault": "/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/kv-hub",
            },
            "azure-native:storage:listStorageAccountKeys": {
                "keys": [{"keyName": "key1", "value": ACCOUNT_KEY, "permissions": "FULL", "creationTime": ""}]
            },
        }
        return answers[args.token], []


def name_of(type_: str, inputs: Mapping[str, Any]) -> str:
    """The name in Azure of a resource with these inputs."""
    own = {
        "Vault": "vaultName",
        "Secret": "secretName",
        "StorageAccount": "accountName",
        "Registry": "registryName",
        "BlobContainer": "containerName",
        "Key": "keyName",
        "ManagedNetworkSettingsRule": "ruleName",
        "WorkspaceConnection": "connectionName",
        "Compute": "computeName",
        "Workspace": "workspaceName",
        "ResourceGroup": "resourceGroupName",
        "RoleAssignment": "roleAssignmentName",
        "RoleDefinition": "roleDefinitionId",
        "BlobServiceProperties": "blobServicesName",
        "ManagementPolicy": "managementPolicyName",
        "DiagnosticSetting": "name",
        "ActionGroup": "actionGroupName",
        "MetricAlert": "ruleName",
        "ManagementLockByScope": "lockName",
        "Budget": "budgetName",
        "NetworkSecurityGroup": "networkSecurityGroupName",
        "VirtualNetwork": "virtualNetworkName",
        "Subnet": "subnetName",
        "PrivateEndpoint": "privateEndpointName",
        "PrivateDnsZoneGroup": "privateDnsZoneGroupName",
        "PrivateZone": "privateZoneName",
        "VirtualNetworkLink": "virtualNetworkLinkName",
        "PrivateLinkScope": "scopeName",
        "PrivateLinkScopedResource": "name",
    }
    return str(inputs[own.get(type_.rpartition(":")[2], "resourceName")])


def _read_only(type_: str, name: str) -> dict[str, Any]:
    match type_.removeprefix("azure-native:"):
        case "managedidentity:UserAssignedIdentity":
            return {"principalId": IDENTITY_PRINCIPAL, "clientId": "client-of-identity"}
        case "keyvault:Vault":
            return {"properties": {"vaultUri": f"https://{name}.vault.azure.net/", "tenantId": TENANT, "sku": {}}}
        case "machinelearningservices:Workspace":
            # Asked as a list of ids, answered as a mapping: Azure's own shape.
            identity = {"type": "UserAssigned", "principalId": WORKSPACE_PRINCIPAL, "tenantId": TENANT}
            return {"mlFlowTrackingUri": f"azureml://somewhere/{name}", "identity": identity}
        case "keyvault:Key":
            return {"keyUriWithVersion": f"https://kv.vault.azure.net/keys/{name}/{'0' * 32}"}
        case "machinelearningservices:Compute":
            return {"identity": {"type": "SystemAssigned", "principalId": principal_of(name), "tenantId": TENANT}}
    return {}


class _Monitor(MockMonitor):
    """Keeps what the mocks throw away: dependencies, options, outputs of the stack."""

    def __init__(self, mocks: Mocks, run: Run) -> None:
        super().__init__(mocks)
        self._run = run

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        answer = super().RegisterResource(request)  # type: ignore[no-untyped-call] # Pulumi's own
        if request.type != "pulumi:pulumi:Stack":
            inputs = rpc.deserialize_properties(request.object)
            self._run.resources.append(
                Registered(
                    type=request.type,
                    name=request.name,
                    inputs={key: rpc.unwrap_rpc_secret(value) for key, value in inputs.items()},
                    secret=frozenset(key for key, value in inputs.items() if rpc.is_rpc_secret(value)),
                    urn=answer.urn,
                    depends_on=frozenset(request.dependencies),
                    ignores=tuple(request.ignoreChanges),
                    secret_outputs=tuple(request.additionalSecretOutputs),
                    hooks=tuple(request.hooks.after_create),
                    protected=request.protect,
                    import_id=request.importId,
                )
            )
        return answer

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - gRPC's name
        if "pulumi:pulumi:Stack" in request.urn:
            self._run.raw_outputs = str(request.outputs)
            self._run.outputs = dict(rpc.deserialize_properties(request.outputs))
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call] # Pulumi's own


class _Callbacks:
    """Keeps the hooks that the program registers, for a test to call."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def register_resource_hook(self, hook: pulumi.ResourceHook) -> None:
        self._run.hooks[hook.name] = hook

    def register_error_hook(self, hook: pulumi.ErrorHook) -> None:
        self._run.error_hooks[hook.name] = hook
