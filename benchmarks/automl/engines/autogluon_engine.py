"""AutoGluon with its presets for accuracy."""

from autogluon_presets import autogluon
from task import solve

if __name__ == "__main__":
    solve(autogluon("best_quality"))
