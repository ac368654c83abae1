import base64
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workspace_jobs.datastores.definitions import (
    KEYS,
    AccountKey,
    Identity,
    SasToken,
    ServicePrincipal,
    parse_definitions,
    read_definitions,
)
from workspace_jobs.errors import JobsError

REPOSITORY = Path(__file__).resolve().parents[2]
PLACEHOLDERS = {"storage_account": "stdev01", "workspace_name": "mlw-dev", "resource_group": "rg-dev"}


def entry(**changes: Any) -> dict[str, Any]:
    values = {"name": "raw", "type": "azure_blob", "container": "raw", "credentials": "identity"} | changes
    return {key: value for key, value in values.items() if value is not None}


def parse(*entries: Any) -> Any:
    return parse_definitions({"datastores": list(entries)}, "datastores.yaml", PLACEHOLDERS)


def test_the_file_of_the_repository_is_valid() -> None:
    by_identity, by_key = read_definitions(REPOSITORY / "datastores.yaml", PLACEHOLDERS)
    assert (by_identity.name, by_identity.account, by_identity.credentials) == (
        "training_data",
        None,
        Identity(),
    )
    assert (by_key.account, by_key.credentials) == ("stdev01", AccountKey("storage-account-key"))


@pytest.mark.parametrize(
    ("store_type", "written", "expected"),
    [
        ("azure_blob", "identity", Identity()),
        ("azure_blob", {"account_key_secret": "k"}, AccountKey("k")),
        ("azure_file", {"sas_token_secret": "s"}, SasToken("s")),
        (
            "azure_data_lake_gen2",
            {"tenant_id": "t", "client_id": "c", "client_secret_secret": "x"},
            ServicePrincipal("t", "c", "x"),
        ),
    ],
)
def test_credentials_are_read(store_type: str, written: Any, expected: Any) -> None:
    assert parse(entry(type=store_type, credentials=written))[0].credentials == expected


@pytest.mark.parametrize(
    ("store_type", "credentials"),
    [
        ("azure_file", "identity"),
        ("azure_data_lake_gen2", {"account_key_secret": "k"}),
        ("azure_blob", {"tenant_id": "t", "client_id": "c", "client_secret_secret": "x"}),
    ],
)
def test_credentials_that_azure_ml_does_not_take_are_refused(store_type: str, credentials: Any) -> None:
    with pytest.raises(JobsError, match=f"no such credentials for {store_type}: write "):
        parse(entry(type=store_type, credentials=credentials))


def test_half_a_service_principal_is_refused() -> None:
    with pytest.raises(JobsError, match="do not go together"):
        parse(entry(type="azure_data_lake_gen2", credentials={"tenant_id": "t", "client_secret_secret": "x"}))


@given(st.text(alphabet=st.characters(codec="ascii", categories=["Ll", "Nd"]), min_size=1, max_size=12))
def test_every_unknown_key_is_named(key: str) -> None:
    assume(key not in KEYS)
    with pytest.raises(JobsError, match=f"unknown key `{key}`"):
        parse(entry(**{key: "x"}))


@given(st.sampled_from(KEYS), st.integers(min_value=0, max_value=10))
def test_a_key_with_a_letter_missing_gets_its_right_spelling(key: str, position: int) -> None:
    misspelt = key[: position % len(key)] + key[position % len(key) + 1 :]
    assume(misspelt not in KEYS)
    with pytest.raises(JobsError, match=f"`{misspelt}`: did you mean `{key}`"):
        parse(entry(**{misspelt: "x"}))


def test_an_unknown_type_gets_its_nearest_spelling() -> None:
    with pytest.raises(JobsError, match="unknown type `azure_blobs`: did you mean `azure_blob`"):
        parse(entry(type="azure_blobs"))


@given(st.binary(min_size=64, max_size=64))
def test_a_storage_key_in_the_file_is_refused_and_not_repeated(key: bytes) -> None:
    written = base64.b64encode(key).decode()
    for credentials in (written, {"account_key": written}, {"account_key_secret": written}):
        with pytest.raises(JobsError, match="looks like a credential") as raised:
            parse(entry(credentials=credentials))
        assert written not in str(raised.value)


@pytest.mark.parametrize(
    "value",
    [
        "?sv=2024-11-04&sig=abc%3D",
        "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=abc",
        "abc8Q~abcdefghijklmnopqrstuvwxyz0123456",
    ],
)
def test_other_credentials_in_the_file_are_refused(value: str) -> None:
    with pytest.raises(JobsError, match="looks like a credential"):
        parse(entry(description=value))


def test_a_secret_name_that_key_vault_cannot_have_is_refused_and_not_repeated() -> None:
    with pytest.raises(JobsError, match="letters, digits and hyphens") as raised:
        parse(entry(credentials={"account_key_secret": "my_secret!"}))
    assert "my_secret!" not in str(raised.value)


@pytest.mark.parametrize("key", ["name", "type", "container", "credentials"])
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(JobsError, match=f"has no `{key}`"):
        parse(entry(**{key: None}))


def test_a_name_that_azure_ml_does_not_accept_is_refused() -> None:
    with pytest.raises(JobsError, match=r"datastores\.yaml: datastore 1"):
        parse(entry(name="has spaces"))


@pytest.mark.parametrize(
    "name", ["workspaceblobstore", "workspaceartifactstore", "workspacefilestore", "workspaceworkingdirectory"]
)
def test_the_datastores_of_azure_ml_itself_are_not_overwritten(name: str) -> None:
    with pytest.raises(JobsError, match=f"keeps the workspace's own files in `{name}`: choose another name"):
        parse(entry(name=name))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"container": "RAW_"}, "`container`: 'RAW_' does not fit a blob container"),
        ({"container": "${resource_group}_"}, "`container`: 'rg-dev_'"),
        ({"type": "azure_data_lake_gen2", "container": "a--b"}, "`container`"),
        ({"type": "azure_file", "container": "ab", "credentials": {"account_key_secret": "k"}}, "`container`"),
        ({"account": "st-raw"}, "`account`"),
    ],
)
def test_what_the_storage_would_not_accept_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(JobsError, match=words):
        parse(entry(**changes))


def test_a_container_of_azures_own_is_written_with_two_dollars() -> None:
    assert parse(entry(container="$$web"))[0].container == "$web"


def test_two_datastores_of_one_name_are_refused() -> None:
    with pytest.raises(JobsError, match="two datastores are named `raw`"):
        parse(entry(), entry(container="other"))


def test_placeholders_are_filled_in_account_and_container() -> None:
    definition = parse(entry(account="${storage_account}", container="data-${workspace_name}"))[0]
    assert (definition.account, definition.container) == ("stdev01", "data-mlw-dev")


@pytest.mark.parametrize("account", ["${storage_acount}", "$storage_acount"])
def test_an_unknown_placeholder_gets_its_nearest_spelling(account: str) -> None:
    with pytest.raises(JobsError, match="did you mean `storage_account`"):
        parse(entry(account=account))


def test_a_dollar_that_is_no_placeholder_is_refused() -> None:
    with pytest.raises(JobsError, match="`account`"):
        parse(entry(account="st${"))


@pytest.mark.parametrize("content", [None, [], "x", {}, {"datastores": []}, {"datastores": "x"}, {"datastores": [1]}])
def test_other_shapes_are_refused_with_a_sentence(content: object) -> None:
    with pytest.raises(JobsError, match=r"datastores\.yaml"):
        parse_definitions(content, "datastores.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_no_content_gets_past_with_anything_but_a_sentence(content: object) -> None:
    for shape in (content, {"datastores": content}, {"datastores": [content]}):
        with pytest.raises(JobsError):
            parse_definitions(shape, "datastores.yaml")


def test_a_file_that_is_missing_or_not_yaml_is_named(tmp_path: Path) -> None:
    with pytest.raises(JobsError, match=r"none\.yaml cannot be read"):
        read_definitions(tmp_path / "none.yaml")
    bad = tmp_path / "bad.yaml"
    bad.write_text("datastores: [")
    with pytest.raises(JobsError, match=r"bad\.yaml is not YAML"):
        read_definitions(bad)
