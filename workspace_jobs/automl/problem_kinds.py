"""The kinds of problem, by the names that the command line has for them."""

from typing import Literal

ProblemKind = Literal["binary", "multiclass", "regression", "forecast"]
AskedProblem = Literal["auto", "binary", "multiclass", "regression", "forecast"]
