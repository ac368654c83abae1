"""The error of local AutoML: a task it does not support or data it can't use, said in a sentence."""

from typing import ClassVar

from localazure.errors import LocalAzureError


class AutoMLError(LocalAzureError):
    """Something about a task or its data that its author can put right."""

    exit_code: ClassVar[int] = 2
