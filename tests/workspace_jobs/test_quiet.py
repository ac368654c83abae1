import sys
from pathlib import Path

import pytest
from azure.ai.ml._artifacts._blob_storage_helper import BlobStorageClient

from workspace_jobs.quiet import make_uploads_quiet


@pytest.mark.parametrize(("terminal", "written"), [(False, ""), (True, "\x1b[39m")])
def test_an_upload_leaves_no_blank_lines_and_off_a_terminal_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    terminal: bool,
    written: str,
) -> None:
    make_uploads_quiet()
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    (tmp_path / "empty").touch()
    client = BlobStorageClient("", "https://account.blob.core.windows.net", "container")
    for name in ("check_blob_exists", "_set_confirmation_metadata"):
        monkeypatch.setattr(client, name, lambda *_: None)
    monkeypatch.setattr(
        "azure.ai.ml._artifacts._blob_storage_helper.upload_file",
        lambda **_: setattr(client, "uploaded_file_count", client.total_file_count),
    )
    client.upload(str(tmp_path / "empty"), "name", "1", show_progress=False)
    assert capsys.readouterr().err == written
