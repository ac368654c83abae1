from collections.abc import Callable
from pathlib import Path

import pytest

from workspace_jobs.config_file import load_config
from workspace_jobs.errors import JobsError


def test_the_file_of_a_folder_above_is_found(write_config: Callable[..., Path], tmp_path: Path) -> None:
    path = write_config()
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    config = load_config(start=below)
    assert (config.resource_group, config.workspace_name, config.path) == ("rg-x", "mlw-x", path)


def test_the_azureml_folder_is_looked_into(write_config: Callable[..., Path], tmp_path: Path) -> None:
    path = write_config()
    hidden = tmp_path / "project" / ".azureml"
    hidden.mkdir(parents=True)
    moved = path.rename(hidden / "config.json")
    assert load_config(start=tmp_path / "project").path == moved


def test_the_nearest_file_wins(write_config: Callable[..., Path], tmp_path: Path) -> None:
    outer = write_config()
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "config.json").write_text(outer.read_text().replace("mlw-x", "mlw-inner"))
    assert load_config(start=inner).workspace_name == "mlw-inner"


def test_no_file_anywhere_names_the_two_places(tmp_path: Path) -> None:
    with pytest.raises(JobsError, match=r"config\.json or \.azureml/config\.json") as raised:
        load_config(start=tmp_path)
    assert raised.value.exit_code == 2


def test_a_named_file_that_is_missing_is_not_searched_for(tmp_path: Path) -> None:
    with pytest.raises(JobsError, match=r"other\.json does not exist"):
        load_config(tmp_path / "other.json")


def test_bad_json_is_located(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{\n "subscription_id": oops\n}')
    with pytest.raises(JobsError, match=r"config\.json:2: not JSON"):
        load_config(path)


def test_a_json_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("[]")
    with pytest.raises(JobsError, match="JSON object"):
        load_config(path)


@pytest.mark.parametrize("key", ["subscription_id", "resource_group", "workspace_name"])
def test_a_missing_key_is_named(write_config: Callable[..., Path], key: str) -> None:
    with pytest.raises(JobsError, match=f"has no `{key}`"):
        load_config(write_config(**{key: None}))


@pytest.mark.parametrize("value", ["", "  ", 7, [], {}])
def test_a_value_that_is_no_text_is_refused(write_config: Callable[..., Path], value: object) -> None:
    with pytest.raises(JobsError, match=r"`resource_group`.*non-empty string"):
        load_config(write_config(resource_group=value))


def test_the_subscription_is_an_id_and_not_a_name(write_config: Callable[..., Path]) -> None:
    with pytest.raises(JobsError, match=r"`Pay-As-You-Go`.*not its name"):
        load_config(write_config(subscription_id="Pay-As-You-Go"))
