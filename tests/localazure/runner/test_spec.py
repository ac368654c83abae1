import pytest
from hypothesis import given
from hypothesis import strategies as st

from localazure.runner.errors import RunnerError
from localazure.runner.spec import (
    BlobFolder,
    BlobInput,
    BlobOutput,
    EnvironmentSpec,
    JobSpec,
    LiteralInput,
    WorkspaceRef,
)

words = st.text(max_size=12)
variables = st.dictionaries(words, words, max_size=3)
folders = st.builds(BlobFolder, words, words, words)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(words, children, max_size=3),
    max_leaves=6,
)
json_objects = st.dictionaries(words, json_values, max_size=3)
specs = st.builds(
    JobSpec,
    name=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True),
    kind=st.sampled_from(["command", "automl"]),
    command=words,
    code=st.none() | folders,
    inputs=st.dictionaries(words, st.builds(LiteralInput, words) | st.builds(BlobInput, folders, words), max_size=3),
    outputs=st.dictionaries(words, st.builds(BlobOutput, folders, words), max_size=3),
    environment=st.none() | st.builds(EnvironmentSpec, words, words, st.none() | words, st.none() | json_objects),
    environment_variables=variables,
    timeout_seconds=st.none() | st.floats(0, 1e6),
    logs=st.none() | folders,
    workspace=st.none() | st.builds(WorkspaceRef, words, words, words),
    tracking_uri=st.none() | words,
    experiment=words,
    run_name=words,
    tags=variables,
    artifact_uri=words,
    task=json_objects,
    identity=variables,
)


@given(specs)
def test_a_spec_survives_json(spec: JobSpec) -> None:
    assert JobSpec.from_json(spec.to_json()) == spec


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "-a", "a\nb", "a" * 256, "a\n"])
def test_a_name_that_could_leave_the_jobs_folder_is_refused(name: str) -> None:
    with pytest.raises(RunnerError, match="is not valid"):
        JobSpec(name=name)


def test_a_child_of_a_blob_folder_has_single_slashes() -> None:
    assert BlobFolder("a", "c", "p/").child("x").prefix == "p/x"
    assert BlobFolder("a", "c", "").child("x").prefix == "x"
