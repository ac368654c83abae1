"""What a preview says would be lost, by the real engine: a program of one stateful resource of the engine's own."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import PROJECT

ENGINE = PROJECT / ".tools" / "bin" / "pulumi"
PROGRAM = """
import os
import pulumi
from infra.guards import losses, stateful
from infra.settings.protection import ProtectionSettings

protected = "PROTECT" in os.environ
lost = stateful.Stateful("storage", "every blob")
stateful.kinds = lambda: {"pulumi:index:Stash": lost}
with losses.losses_told(ProtectionSettings(protect=protected, locks=False)):
    for name, place in [entry.split("=") for entry in os.environ["ACCOUNTS"].split()]:
        options = pulumi.ResourceOptions(replacement_trigger=place, protect=protected)
        pulumi.Stash(name, input="x", opts=options)
"""

pytestmark = pytest.mark.skipif(not ENGINE.is_file(), reason="needs the engine: run `make up` once")


class Stack:
    """A stack with accounts, each in a place that it cannot change without being replaced."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        runtime = f"{{name: python, options: {{toolchain: pip, virtualenv: {PROJECT / '.venv'}}}}}"
        (folder / "Pulumi.yaml").write_text(f"name: losses\nruntime: {runtime}\n")
        (folder / "__main__.py").write_text(PROGRAM)
        (folder / "state").mkdir()
        self("stack", "init", "local")

    def __call__(self, *command: str, accounts: str = "", fails: bool = False, **variables: str) -> str:
        own = {
            "PATH": os.pathsep.join([str(PROJECT / ".venv" / "bin"), str(ENGINE.parent), os.environ["PATH"]]),
            "PYTHONPATH": str(PROJECT),
            "PULUMI_HOME": str(self._folder / "home"),
            "PULUMI_BACKEND_URL": (self._folder / "state").as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "of a test",
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "ACCOUNTS": accounts,
        }
        done = subprocess.run(
            ["pulumi", *command, "--non-interactive"],
            cwd=self._folder,
            env={**os.environ, **own, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    made = Stack(tmp_path_factory.mktemp("losses"))
    made("up", "--yes", "--skip-preview", accounts="a=here b=here")
    return made


def test_a_preview_says_what_replacing_and_deleting_would_lose_and_nothing_of_what_stays(stack: Stack) -> None:
    assert "gone would be" not in stack("preview", "--expect-no-changes", accounts="a=here b=here")

    said = stack("preview", accounts="a=elsewhere")

    assert "this would replace 'a' (a), and gone would be every blob" in said
    assert "this would delete 'b' (b), and gone would be every blob" in said


def test_it_says_so_too_where_the_engine_refuses_and_an_update_without_preview_is_not_in_its_way(stack: Stack) -> None:
    stack("up", "--yes", "--skip-preview", accounts="a=here b=here", PROTECT="1")

    refused = stack("preview", accounts="a=elsewhere b=here", PROTECT="1", fails=True)

    assert "unable to replace resource" in refused
    told = "this would replace 'a' (a), and gone would be every blob; it is refused unless "
    assert told + "mlws:protection.allowReplacing has 'storage'" in refused
    stack("up", "--yes", "--skip-preview", accounts="a=here b=here")


def test_nothing_of_it_stays_in_the_state_so_that_the_stack_can_be_destroyed_as_any_other(stack: Stack) -> None:
    stack("up", "--yes", accounts="a=elsewhere b=here")

    stack("destroy", "--yes", "--skip-preview")
