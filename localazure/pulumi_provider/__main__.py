"""The plugin's process: prints its port on the first line, as the Pulumi engine expects, and serves."""

import sys

from localazure.pulumi_provider.install import sdk_version
from localazure.pulumi_provider.light_imports import skip_sdk


def main() -> None:
    """Serve one engine until it is done."""
    skip_sdk()
    from localazure.pulumi_provider.provider import AzureNativeProvider
    from localazure.pulumi_provider.server import serve_for_parent, start, stop_on_signals

    server, port = start(AzureNativeProvider(sdk_version()))
    # Before the engine can know of this process, and so end it.
    stop_on_signals(server)
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    serve_for_parent(server)


if __name__ == "__main__":
    main()
