"""What differs between two runs of the program: the resources that the engine would create, update or delete."""

from tests.infra.program import Run


def changed(before: Run, after: Run) -> set[str]:
    """The names of Azure's resources whose inputs differ, or that are in one of the runs only."""
    old, new = ({one.urn: one for one in run.azure} for run in (before, after))
    return {
        {**old, **new}[urn].name
        for urn in old.keys() | new.keys()
        if urn not in old or urn not in new or old[urn].inputs != new[urn].inputs
    }
