"""What a sweep's author can put right, said in a sentence."""

from typing import ClassVar

from localazure.errors import LocalAzureError


class SweepError(LocalAzureError):
    """The sweep can't be run as it was described, or none of its trials came to an end."""

    exit_code: ClassVar[int] = 2
