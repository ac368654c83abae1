import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from workspace_jobs.errors import JobsError
from workspace_jobs.training.digits_automl import TARGET, Limits, build, limits, write_table


def test_the_table_is_an_mltable_of_all_digits(tmp_path: Path) -> None:
    folder = write_table(tmp_path / "digits")
    table = yaml.safe_load((folder / "MLTable").read_text())
    (source,) = table["paths"]
    with (folder / source["file"]).open(newline="") as opened:
        rows = list(csv.DictReader(opened))
    assert len(rows) == 1797
    assert len(rows[0]) == 65
    assert {row[TARGET] for row in rows} == {str(digit) for digit in range(10)}
    assert table["transformations"][0]["read_delimited"]["header"] == "all_files_same_headers"


def test_the_job_is_what_azure_ml_expects_on_the_wire(tmp_path: Path) -> None:
    job: Any = build(tmp_path, Limits(max_trials=2, timeout_minutes=5))
    body = job._to_rest_object().as_dict()["properties"]
    details = body["taskDetails"]
    assert (body["jobType"], body["experimentName"], details["taskType"]) == (
        "AutoML",
        "digits-automl",
        "Classification",
    )
    assert (details["primaryMetric"], details["targetColumnName"]) == ("Accuracy", "digit")
    assert details["trainingData"] == {"uri": str(tmp_path), "jobInputType": "mltable"}
    assert details["nCrossValidations"] == {"value": 3, "mode": "Custom"}
    assert {key: details["limitSettings"][key] for key in ("maxTrials", "maxConcurrentTrials", "timeout")} == {
        "maxTrials": 2,
        "maxConcurrentTrials": 2,
        "timeout": "PT5M",
    }


def test_limits_can_be_set() -> None:
    assert limits({"limits.max_trials": 9, "limits.n_cross_validations": 5}) == Limits(
        max_trials=9, n_cross_validations=5
    )


def test_an_unknown_limit_gets_its_nearest_spelling() -> None:
    with pytest.raises(JobsError, match=r"did you mean `limits\.max_trials`"):
        limits({"limits.max_trails": 1})


@pytest.mark.parametrize("value", [0, -1, 1.5, "many", True, None])
def test_a_limit_is_a_whole_number_above_zero(value: object) -> None:
    with pytest.raises(JobsError, match="whole number above 0"):
        limits({"limits.max_trials": value})
