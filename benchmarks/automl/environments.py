"""An interpreter for each engine: this one for ours, for a peer an environment of its own, made at its first use."""

import subprocess
import sys
from pathlib import Path

# Pinned to what was measured; setuptools for those that still look for pkg_resources.
PACKAGES = {
    "flaml": ["flaml[automl]==2.7.0"],
    "autogluon": ["autogluon.tabular[lightgbm,catboost,xgboost,fastai]==1.6.3"],
    "h2o": ["h2o==3.46.0.12", "pandas"],
    "mljar": ["mljar-supervised==1.3.2", "setuptools<81"],
}
# An engine that is another's packages with other settings.
_SHARED = {"autogluon_medium": "autogluon"}
ENGINES = ("mlws", *PACKAGES, *_SHARED)


def interpreter(engine: str, root: Path) -> Path:
    """The interpreter that has `engine`; a peer is installed under `root` where it is not yet."""
    if engine == "mlws":
        return Path(sys.executable)
    packages = _SHARED.get(engine, engine)
    folder = root / packages
    found = folder / "bin" / "python"
    ready = folder / "installed"
    if not ready.exists():
        subprocess.run(["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)], check=True)
        subprocess.run(["uv", "pip", "install", "--quiet", "--python", str(found), *PACKAGES[packages]], check=True)
        ready.touch()
    return found
