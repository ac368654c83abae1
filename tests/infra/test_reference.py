"""The reference page of the settings is the one that the settings describe."""

from infra.settings.reference import settings_reference
from tests.infra.program import ROOT

PAGE = ROOT / "docs" / "reference" / "stack-settings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == settings_reference(), "run `mlws infra settings > docs/reference/stack-settings.md`"


def test_the_page_has_every_key_with_its_values_and_default() -> None:
    page = settings_reference()

    assert "| `azure-native:location` | text | required |" in page
    assert (
        "| `mlws:keyVault.softDeleteRetentionDays` | 7 to 90 | local: `7`<br>dev: `7`<br>qa: `30`<br>prod: `90` |"
        in page
    )
    assert "| `mlws:principals.<name>.role` | `admin`, `data-scientist`, `ci`, `reader` | required |" in page
    assert "| `mlws:storage.trainingDataContainer` | text | `training-data` |" in page
    assert "| `mlws:dataStorage.containers` | list of texts | `[data]` |" in page
    assert "| `mlws:computeSchedules.<name>.monthDays` | list of numbers | `[]` |" in page
    assert "| `mlws:containerRegistry.zoneRedundant` | true or false | prod: `true`<br>others: `false` |" in page
    assert "| `mlws:tags.owner` | text | local: `local`<br>others: required |" in page
