"""Declared secrets: kept in the vault by name, encrypted on their way, and refused in clear, without being repeated."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra.check import check_stack
from infra.errors import InfraError, SettingsError
from infra.guards.clear_text import require_encrypted_secrets
from infra.settings import settings_from
from tests.infra.changes import changed
from tests.infra.configurations import configuration
from tests.infra.program import ROOT, Encrypted, created

VALUE = "pa55-w0rd-of-nobody"
FILE = """\
config:
  azure-native:location: westeurope
  mlws:secrets:
    db-password:
      secure: v1:abc:def
"""


def project(folder: Path, text: str) -> Path:
    (folder / "naming.toml").write_text((ROOT / "naming.toml").read_text())
    (folder / "Pulumi.local.yaml").write_text(text)
    return folder


def told(secrets: object, *, decrypted: bool = True) -> str:
    keys = ["mlws:secrets"] if decrypted else []
    with pytest.raises(SettingsError) as caught:
        settings_from(configuration(secrets=secrets), "dev", keys)
    assert VALUE not in str(caught.value)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_declared_secret_is_kept_in_the_vault_and_nowhere_in_clear() -> None:
    run = created("dev", configuration(secrets=Encrypted({"db-password": VALUE, "api-key": "k"})))
    kept = {one.inputs["secretName"]: one for one in run.all("keyvault:Secret")}

    assert kept.keys() == {"storage-account-key", "db-password", "api-key"}
    assert kept["db-password"].inputs["properties"]["value"] == VALUE
    assert "properties" in kept["db-password"].secret
    assert [one.name for one in run.azure if VALUE in str(one.inputs)] == ["secret-db-password"]
    assert VALUE not in run.raw_outputs
    assert run.outputs["secrets"] == ["api-key", "db-password"]


def test_a_secret_touches_itself_alone() -> None:
    def run(secrets: Mapping[str, str]) -> Any:
        return created("dev", configuration(secrets=Encrypted(secrets)))

    one = {"db-password": VALUE}
    assert changed(created("dev", configuration()), run(one)) == {"secret-db-password"}
    assert changed(run(one), run({"db-password": "other"})) == {"secret-db-password"}
    assert changed(run(one), run({**one, "api-key": "k"})) == {"secret-api-key"}


def test_settings_never_show_a_value() -> None:
    settings = settings_from(configuration(secrets=f'{{"db-password": "{VALUE}"}}'), "dev", ["mlws:secrets"])

    assert VALUE not in repr(settings) + str(settings) + settings.model_dump_json()


def test_a_stack_file_with_encrypted_secrets_is_checked_without_their_values(tmp_path: Path) -> None:
    checked = check_stack(project(tmp_path, FILE), "local")

    assert checked.as_dict()["settings"]["secrets"] == {"db-password": None}
    require_encrypted_secrets(tmp_path, "local")


def test_a_secret_in_clear_is_refused_with_what_to_run(tmp_path: Path) -> None:
    folder = project(tmp_path, FILE + f"    api-key: {VALUE}\n")
    with pytest.raises(InfraError) as by_check:
        check_stack(folder, "local")
    with pytest.raises(InfraError) as by_program:
        require_encrypted_secrets(folder, "local")

    assert str(by_check.value) == str(by_program.value)
    assert str(by_check.value) == (
        "Pulumi.local.yaml: mlws:secrets.api-key is there in clear; take it out, run `pulumi config set --secret --path"
        " mlws:secrets.api-key` with a new value, and let the old one be valid nowhere"
    )


def test_the_engine_tells_when_it_had_nothing_to_decrypt() -> None:
    said = told(f'{{"db-password": "{VALUE}"}}', decrypted=False)

    assert "mlws:secrets.db-password is there in clear; take it out, run `pulumi config set --secret" in said


@pytest.mark.parametrize(
    ("secrets", "said"),
    [
        (f'{{"db_password": "{VALUE}"}}', "did you mean 'db-password'?"),
        (f'{{"§": "{VALUE}"}}', "write letters, digits and hyphens"),
        (f'{{"storage-account-key": "{VALUE}"}}', "is the secret of the stack's own; give yours another name"),
        (f'{{"Key": "{VALUE}", "key": "x"}}', "mlws:secrets.key and 'Key' are one name to Azure"),
        ('{"db-password": ""}', "mlws:secrets.db-password is not a text with characters; run `pulumi config set"),
        (f'{{"db-password": ["{VALUE}"]}}', "mlws:secrets.db-password is not a text with characters"),
        (f'{{"db-password": "{VALUE * 2000}"}}', "has 38000 bytes, and a Key Vault takes 25000"),
        (VALUE, "mlws:secrets is not a mapping of names to secrets"),
        (f'["{VALUE}"]', "mlws:secrets is not a mapping of names to secrets"),
        (f'{{"db-password": "{VALUE}', "mlws:secrets is not a mapping of names to secrets"),
        ({"secure": "v1:abc"}, "mlws:secrets is encrypted as a whole"),
    ],
)
def test_a_mistake_is_a_sentence_that_never_repeats_a_value(secrets: object, said: str) -> None:
    assert said in told(secrets)


def test_a_number_is_the_text_it_was_written_as() -> None:
    value = settings_from(configuration(secrets='{"pin": 1234}'), "dev", ["mlws:secrets"]).secrets["pin"]

    assert value is not None
    assert value.get_secret_value() == "1234"


@pytest.mark.parametrize(
    ("config", "keys"),
    [
        (configuration(tags={"owner": {"secure": "v1:x"}, "costCentre": "1"}), []),
        (configuration(storage={"containers": [{"secure": "v1:x"}]}), []),
        (configuration(workload={"secure": "v1:x"}), []),
        (configuration(tags='{"owner": "me", "costCentre": "1"}'), ["mlws:tags"]),
    ],
)
def test_nothing_else_may_be_encrypted_for_it_would_be_in_clear_on_the_resources(
    config: dict[str, Any], keys: list[str]
) -> None:
    with pytest.raises(SettingsError, match="is encrypted, and only what is below mlws:secrets may be"):
        settings_from(config, "dev", keys)
