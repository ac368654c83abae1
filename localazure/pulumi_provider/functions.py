"""Functions (invokes, to Pulumi): who the caller is, reading a resource, POST actions such as listKeys."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from localazure.pulumi_provider.arm_client import ARM, ArmClient
from localazure.pulumi_provider.catalogue import Catalogue, Function, ResourceType
from localazure.pulumi_provider.errors import ProviderError
from localazure.pulumi_provider.mapping import ArmRequest, function_result, resource_path
from localazure.pulumi_provider.property_values import Properties, Secret, reveal


@dataclass(frozen=True)
class Functions:
    """Calls functions by their token."""

    catalogue: Catalogue
    client: ArmClient
    subscription: str

    def call(self, token: str, arguments: Mapping[str, Any]) -> Properties:
        """The result in azure-native's shape; raises ProviderError when there is no such function."""
        caller_functions: dict[str, Callable[[Mapping[str, Any]], Properties]] = {
            "azure-native:authorization:getClientConfig": self._client_config,
            "azure-native:authorization:getClientToken": self._client_token,
        }
        if token in caller_functions:
            return caller_functions[token](reveal(arguments))
        if token in self.catalogue.functions:
            return self._action(self.catalogue.functions[token], reveal(arguments))
        return self._read(token, reveal(arguments))

    def _client_config(self, arguments: Mapping[str, Any]) -> Properties:
        claims = self.client.caller()
        return {
            "clientId": claims.get("appid", ""),
            "objectId": claims["oid"],
            "subscriptionId": self.subscription,
            "tenantId": claims["tid"],
        }

    def _client_token(self, arguments: Mapping[str, Any]) -> Properties:
        endpoint = arguments.get("endpoint") or ARM
        return {"token": Secret(self.client.token(endpoint.rstrip("/").removesuffix("/.default")))}

    def _action(self, function: Function, arguments: Mapping[str, Any]) -> Properties:
        kind = function.resource
        path = f"{self._path(function.token, kind, arguments)}/{function.action}"
        rest = {key: value for key, value in arguments.items() if key not in kind.identifying}
        query = {name: str(rest.pop(key)) for key, name in function.query.items() if key in rest}
        answer = self.client.send(ArmRequest("POST", path, kind.api_version, rest or None, query))
        return {key: Secret(value) if key in function.secret else value for key, value in answer.items()}

    def _read(self, token: str, arguments: Mapping[str, Any]) -> Properties:
        kind = self.catalogue.read_function(token)
        path = self._path(token, kind, arguments)
        return function_result(kind, self.client.send(ArmRequest("GET", path, kind.api_version)))

    def _path(self, token: str, kind: ResourceType, arguments: Mapping[str, Any]) -> str:
        missing = [name for name in kind.path.parameters if not arguments.get(name)]
        if missing:
            raise ProviderError(f"{token} needs {' and '.join(missing)}; give each a name that is not empty")
        return resource_path(kind, arguments, self.subscription)
