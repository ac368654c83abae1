"""Which settings and which convention a run of the linter follows: those of the project, and the command line's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from naming.convention import Convention
    from naming.lint.configuration import Configuration

_CONVENTION_FILE = "naming.toml"
_FILES = (_CONVENTION_FILE, "pyproject.toml")
_CONVENTION_CHECKS = "NAM2"


@dataclass(frozen=True, slots=True)
class Settings:
    """What is checked, and the convention where one is followed; `folder` is the project's."""

    folder: Path
    configuration: "Configuration"
    convention: "Convention | None"

    @classmethod
    def load(cls, convention: Path | None, select: Sequence[str], ignore: Sequence[str]) -> "Settings":
        """Read the settings of the project that the current folder is in, and the options on top.

        A convention is followed when one is named, when the project has settings for the linter, or when checks of
        it (NAM2xx) are selected, be it among others (NAM). Otherwise names are judged by Azure's rules alone: those of
        somebody else's estate do not follow the convention that happens to lie in the current folder.

        Raises:
            NamingError: a file or an option has a mistake.
        """
        from naming.lint.configuration import Configuration, ids_of

        folder = _folder()
        project = Configuration.load(folder)
        configuration = project.with_options(select, ignore)
        is_asked = project != Configuration() or any(map(_is_of_convention, ids_of(select)))
        found = folder / _CONVENTION_FILE
        if convention is None and is_asked and found.is_file():
            convention = found
        return cls(folder, configuration, None if convention is None else _load(convention))

    @property
    def baseline(self) -> Path | None:
        """The baseline that the settings name."""
        written = self.configuration.baseline
        return None if written is None else self.folder / written


def _is_of_convention(selected: str) -> bool:
    """Whether an id or a prefix selects a check of the convention: NAM, NAM2, NAM204."""
    return selected.upper().startswith(_CONVENTION_CHECKS) or _CONVENTION_CHECKS.startswith(selected.upper())


def _folder() -> Path:
    """Return the nearest folder, from the current one upwards, that may hold settings; else the current one."""
    current = Path.cwd()
    for folder in (current, *current.parents):
        if any((folder / file).is_file() for file in _FILES):
            return folder
    return current


def _load(path: Path) -> "Convention":
    from naming.convention import Convention

    return Convention.load(path)
