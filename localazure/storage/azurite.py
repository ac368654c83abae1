"""Where Azurite is and how it is started: blobs only, https with our certificate, tokens accepted, keys in a file."""

import json
import os
import shutil
from pathlib import Path

from localazure.errors import LocalAzureError
from localazure.home import LOOPBACK, Home, Settings
from localazure.identity.tokens import TOKEN_KEY
from localazure.storage.blobs import accounts_file

_TOOLS = Path(__file__).resolve().parents[2] / ".tools"
_PRELOAD = Path(__file__).with_name("azurite_preload.js")


def azurite_folder() -> Path:
    """The installed npm package. Raises LocalAzureError when there is none."""
    configured = os.environ.get("MLWS_AZURITE")
    folder = Path(configured) if configured else _TOOLS / "azurite" / "node_modules" / "azurite"
    if not (folder / "package.json").is_file():
        raise LocalAzureError(
            f"Azurite is not installed in {folder}; run `make setup`, or set MLWS_AZURITE to the folder of the npm "
            "package 'azurite'"
        )
    return folder


def node() -> str:
    """The Node.js that runs it. Raises LocalAzureError when there is none."""
    own = _TOOLS / "bin" / "node"
    found = str(own) if own.is_file() else shutil.which("node")
    if found is None:
        raise LocalAzureError("Node.js is not installed, and Azurite needs it; run `make setup`")
    return found


def azurite_command(home: Home, settings: Settings, certificate: Path, key: Path) -> list[str]:
    """The command line. `--skipApiVersionCheck`: the SDKs sign with newer API versions than Azurite knows."""
    accounts = accounts_file(home)
    if not accounts.is_file():
        accounts.write_text(json.dumps({}))
        accounts.chmod(0o600)
    return [
        node(),
        "--require",
        str(_PRELOAD),
        str(azurite_folder() / "dist" / "src" / "blob" / "main.js"),
        *("--blobHost", LOOPBACK, "--blobPort", str(settings.ports.blob)),
        *("--location", str(home.azurite)),
        *("--cert", str(certificate), "--key", str(key), "--oauth", "basic"),
        *("--skipApiVersionCheck", "--disableTelemetry", "--silent"),
    ]


def azurite_environment(home: Home) -> dict[str, str]:
    """What azurite_preload.js reads."""
    return {
        "MLWS_AZURITE": str(azurite_folder()),
        "MLWS_AZURITE_ACCOUNTS": str(accounts_file(home)),
        "MLWS_TOKEN_KEY": str(home.secrets / TOKEN_KEY),
    }
