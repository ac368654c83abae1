"""The environment variables that point a process at the embedded Azure: all that the official SDKs need.

https://learn.microsoft.com/azure/developer/python/sdk/authentication/credential-chains (AZURE_TOKEN_CREDENTIALS),
azure-core's and urllib3's proxy variables, OpenSSL's SSL_CERT_FILE.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from localazure.home import LOOPBACK, SUBSCRIPTION_ID, TENANT_ID, Home, Settings
from localazure.identity.routes import TOKEN_PATH


def client_environment(home: Home, settings: Settings, identity_header: str) -> dict[str, str]:
    """Everything reaches Azure through the front door, trusts its CA only, and signs in as this identity.

    The proxy variables are given in both spellings: curl and Go read one, urllib3 and aiohttp either.
    """
    door = f"http://{LOOPBACK}:{settings.ports.front_door}"
    local_hosts = f"{LOOPBACK},localhost"
    ca = str(home.ca_certificate)
    return {
        "HTTPS_PROXY": door,
        "https_proxy": door,
        "NO_PROXY": local_hosts,
        "no_proxy": local_hosts,
        "REQUESTS_CA_BUNDLE": ca,
        "SSL_CERT_FILE": ca,
        "CURL_CA_BUNDLE": ca,
        "IDENTITY_ENDPOINT": door + TOKEN_PATH,
        "IDENTITY_HEADER": identity_header,
        "AZURE_TOKEN_CREDENTIALS": "ManagedIdentityCredential",
        "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION_ID,
        "AZURE_TENANT_ID": TENANT_ID,
    }


def user_environment(home: Home, settings: Settings) -> dict[str, str]:
    """What `mlws local env` prints: the client environment of the signed-in user, and Pulumi's own folders."""
    return {
        **client_environment(home, settings, home.secret("identity-header")),
        "PULUMI_HOME": str(home.pulumi),
        "PULUMI_BACKEND_URL": home.pulumi_state.as_uri(),
        "PULUMI_CONFIG_PASSPHRASE_FILE": str(home.secrets / "pulumi-passphrase"),
        "PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "ARM_SUBSCRIPTION_ID": SUBSCRIPTION_ID,
        "ARM_TENANT_ID": TENANT_ID,
        "ARM_USE_MSI": "true",
        "MLWS_HOME": str(home.path),
    }


def machine_environment(settings: Settings) -> dict[str, str]:
    """This process's environment without a trace of the embedded Azure: for what must reach the real network.

    Package installs do; a server started from inside `mlws local exec` would otherwise send them to itself.
    """
    door = f"http://{LOOPBACK}:{settings.ports.front_door}"
    ours = os.environ.get("HTTPS_PROXY") == door
    foreign = {"HTTPS_PROXY", "https_proxy", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"}
    return {name: value for name, value in os.environ.items() if not (ours and name in foreign)}


def with_this_package(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment in which `python -m localazure...` finds this very package, installed or not."""
    package_root = str(Path(__file__).resolve().parent.parent)
    path = [part for part in (package_root, environment.get("PYTHONPATH", "")) if part]
    return {**environment, "PYTHONPATH": os.pathsep.join(path)}
