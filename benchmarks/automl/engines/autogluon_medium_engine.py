"""AutoGluon with its presets for prototypes: where seconds are few, its others may end without a model."""

from autogluon_presets import autogluon
from task import solve

if __name__ == "__main__":
    solve(autogluon("medium_quality"))
