"""The plugin where the engine looks for it."""

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from localazure.pulumi_provider.install import install, sdk_version


def test_the_plugin_has_the_version_of_the_sdk() -> None:
    assert sdk_version() == version("pulumi-azure-native")


def test_installing_twice_writes_once_and_takes_a_broken_download_away(tmp_path: Path) -> None:
    executable = install(tmp_path, Path(sys.executable), "3.29.0")
    assert executable == tmp_path / "plugins/resource-azure-native-v3.29.0/pulumi-resource-azure-native"
    os.utime(executable, (1, 1))
    marker = tmp_path / "plugins/resource-azure-native-v3.29.0.partial"
    marker.touch()

    assert install(tmp_path, Path(sys.executable), "3.29.0") == executable
    assert executable.stat().st_mtime == 1
    assert not marker.exists()
    assert list(executable.parent.iterdir()) == [executable]


def test_another_python_is_written_over_the_old_one(tmp_path: Path) -> None:
    install(tmp_path, Path("/old/python"), "3.29.0")

    text = install(tmp_path, Path("/a folder/python"), "3.29.0").read_text(encoding="utf-8")

    assert "'/a folder/python' -P -m localazure.pulumi_provider" in text
    assert "/old" not in text


def test_the_plugin_starts_prints_its_port_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    executable = install(tmp_path, Path(sys.executable))
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(root)}

    with subprocess.Popen([executable], stdout=subprocess.PIPE, env=environment, cwd=tmp_path, text=True) as plugin:
        assert plugin.stdout is not None
        assert int(plugin.stdout.readline()) > 0
        plugin.terminate()
        assert plugin.wait(10) == 0
