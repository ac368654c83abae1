"""What can go wrong when a plan is priced: bad input (exit code 2), or an engine or price list that fails (1)."""

from typing import ClassVar

from infra.errors import InfraError


class CostInputError(InfraError):
    """A preview or price table that cannot be read; its text is one sentence that says what to give instead."""


class CostFailure(InfraError):  # noqa: N818 - a finding, not a wrong call
    """The engine or the public price list did not answer; nothing was written."""

    exit_code: ClassVar[int] = 1
