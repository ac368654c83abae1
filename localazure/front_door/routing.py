"""Which service answers for which host name. A host that is not here does not exist."""

_EXACT = {
    "management.azure.com": "arm",
    "login.microsoftonline.com": "login",
}
_SUFFIXES = {
    ".vault.azure.net": "key_vault",
    ".blob.core.windows.net": "blob",
    ".api.azureml.ms": "machine_learning",
}


def service_of(host: str) -> str | None:
    """The name of the service, or None for a host that the embedded Azure has not."""
    if host in _EXACT:
        return _EXACT[host]
    return next((service for suffix, service in _SUFFIXES.items() if host.endswith(suffix)), None)
