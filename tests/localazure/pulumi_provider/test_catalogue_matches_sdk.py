"""resources.toml against the installed SDK: types, inputs, outputs and api-versions as pulumi_azure_native has them."""

import ast
import importlib.util
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from localazure.pulumi_provider import catalogue
from localazure.pulumi_provider.catalogue import Function, ResourceType
from localazure.pulumi_provider.errors import ProviderError

CATALOGUE = catalogue.load()
SPEC = importlib.util.find_spec("pulumi_azure_native")
pytestmark = pytest.mark.skipif(SPEC is None, reason="pulumi_azure_native is not installed")

# Of the SDK's own making, without a docstring that states a version.
WITHOUT_VERSION = {"azure-native:keyvault:AccessPolicy"}


@dataclass(frozen=True)
class SdkClass:
    """What a resource class of the SDK says of itself."""

    api_version: str | None
    inputs: frozenset[str]
    outputs: frozenset[str]


@pytest.fixture(params=sorted(CATALOGUE.resources))
def kind(request: pytest.FixtureRequest) -> ResourceType:
    return CATALOGUE.resources[request.param]


def test_the_api_version_is_the_one_that_the_sdk_states(kind: ResourceType) -> None:
    if kind.token not in WITHOUT_VERSION:
        assert kind.api_version == sdk_class(kind.token).api_version


def test_names_in_the_path_are_inputs(kind: ResourceType) -> None:
    assert set(kind.path.parameters) <= sdk_class(kind.token).inputs


def test_a_type_has_a_location_exactly_when_the_sdk_takes_one(kind: ResourceType) -> None:
    assert kind.has_location == ("location" in sdk_class(kind.token).inputs)


def test_a_type_is_nested_exactly_when_the_sdk_has_properties(kind: ResourceType) -> None:
    sdk = sdk_class(kind.token)
    assert kind.nested == ("properties" in sdk.inputs | sdk.outputs)


def test_every_output_that_is_no_input_is_read_only(kind: ResourceType) -> None:
    read_only = {path[0] for path in kind.read_only if len(path) == 1}
    sdk = sdk_class(kind.token)

    assert sdk.outputs - sdk.inputs - read_only == set()
    # Types of networks also take name and type, as they are in the answer; these say nothing new.
    assert read_only & sdk.inputs <= {kind.name_parameter, "name", "type"}


def test_whatever_the_file_says_of_inputs_is_about_inputs_of_the_sdk(kind: ResourceType) -> None:
    said = {path[0] for path in kind.replace | kind.write_only | kind.keep.keys()} | kind.query
    assert said <= sdk_class(kind.token).inputs


def test_renamed_and_read_only_properties_exist_in_the_sdk(kind: ResourceType) -> None:
    sdk = sdk_class(kind.token)
    shared = {
        "etag",
        "provisioningState",
        "privateEndpointConnections",
        "systemData",
        "type",
        "name",
        "azureApiVersion",
    }
    said = {path[0] for path in kind.rename.keys() | kind.read_only | kind.secret}

    assert said - shared <= sdk.inputs | sdk.outputs


@pytest.mark.parametrize("function", CATALOGUE.functions.values(), ids=lambda function: function.token)
def test_functions_exist_in_the_sdk(function: Function) -> None:
    module, name = function.token.split(":")[1:]
    source = (sdk_folder() / module / f"{snake(name)}.py").read_text(encoding="utf-8")

    assert f"'{function.token}'" in source
    assert set(function.query) <= set(re.findall(r"__args__\['(\w+)'\]", source))


def test_a_misspelt_type_is_refused_with_the_nearest_one_and_the_file_to_extend() -> None:
    with pytest.raises(ProviderError, match=r"storage:StorageAcount.*did you mean .*StorageAccount.*resources\.toml"):
        CATALOGUE.resource("azure-native:storage:StorageAcount")


def test_a_type_that_is_like_no_other_is_refused_without_a_guess() -> None:
    with pytest.raises(ProviderError) as caught:
        CATALOGUE.resource("azure-native:network:LoadBalancer")
    assert "did you mean" not in str(caught.value)


def test_a_function_of_an_unknown_type_is_refused() -> None:
    with pytest.raises(ProviderError, match="function azure-native:web:getWebApp"):
        CATALOGUE.read_function("azure-native:web:getWebApp")


@cache
def sdk_class(token: str) -> SdkClass:
    """Read the generated source: importing the SDK's modules would take seconds."""
    module, name = token.split(":")[1:]
    source = (sdk_folder() / module / f"{snake(name)}.py").read_text(encoding="utf-8")
    version = re.search(r"Uses Azure REST API version ([\w-]+)", source)
    wire_names: dict[str, str] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            renamed = re.search(r"getter\(name='(\w+)'\)", " ".join(map(ast.unparse, node.decorator_list)))
            wire_names[node.name] = renamed[1] if renamed else wire_names.get(node.name, node.name)
    constructor = source[source.index("def _internal_init") : source.index(f"super({name}, __self__)")]
    inputs = re.findall(r'__props__\.__dict__\["(\w+)"\] = (?!None)', constructor)
    computed = re.findall(r'__props__\.__dict__\["(\w+)"\] = None', constructor)
    return SdkClass(
        version[1] if version else None,
        frozenset(wire_names.get(name, name) for name in inputs),
        frozenset(wire_names.get(name, name) for name in computed),
    )


def sdk_folder() -> Path:
    assert SPEC is not None
    assert SPEC.origin is not None
    return Path(SPEC.origin).parent


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
