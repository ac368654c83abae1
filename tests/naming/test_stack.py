from pathlib import Path

import pytest

from naming import NamingError
from naming.stack import StackTokens, project_folder, read_stack


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: mlws\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config:\n  azure-native:location: westeurope\n")
    return tmp_path


def write(project: Path, config: str) -> None:
    (project / "Pulumi.dev.yaml").write_text(config)


def test_a_stack_is_its_environment_unless_its_file_says_otherwise(project: Path) -> None:
    assert read_stack(project, "dev") == StackTokens("dev", "dev", "westeurope", None, None)
    write(
        project,
        "config:\n  azure-native:location: northeurope\n  mlws:environment: qa\n  mlws:workload: fraud\n"
        '  mlws:instance: "01"\n  mlws:tags:\n    owner: x\n',
    )
    assert read_stack(project, "dev") == StackTokens("dev", "qa", "northeurope", "fraud", "01")


def test_the_project_is_found_from_below(project: Path) -> None:
    below = project / "a" / "b"
    below.mkdir(parents=True)
    assert project_folder(below) == project.resolve()


def test_no_project_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NamingError, match=r"no Pulumi\.yaml .* --project"):
        project_folder(tmp_path)


def test_an_unknown_stack_is_answered_with_the_nearest(project: Path) -> None:
    with pytest.raises(NamingError, match=r"no stack 'devv', .* did you mean 'dev'\?"):
        read_stack(project, "devv")
    with pytest.raises(NamingError, match=r"no stack '\.\./dev', for"):
        read_stack(project, "../dev")
    (project / "Pulumi.dev.yaml").unlink()
    with pytest.raises(NamingError, match=r"holds no Pulumi\.<stack>\.yaml"):
        read_stack(project, "dev")


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        ("config: {}\n", "azure-native:location is missing; write the region"),
        ("", "it has no `config:` with settings below it"),
        ("config: westeurope\n", "it has no `config:` with settings below it"),
        ("config: [", "not valid YAML in line"),
        ("config:\n  azure-native:location: westeurope\n  mlws:instance: 01\n", "as in `mlws:instance: '01'`"),
        ("config:\n  azure-native:location: x\n  mlws:wrkload: fraud\n", "did you mean 'mlws:workload'?"),
        ("config:\n  azure-native:locaton: x\n", "(there is 'azure-native:locaton')"),
        ("config:\n  azure-native:location:\n    secure: AAAB\n", "is a secret or a mapping"),
    ],
)
def test_a_stack_file_that_is_wrong_is_named_with_what_to_write(project: Path, config: str, sentence: str) -> None:
    write(project, config)
    with pytest.raises(NamingError) as raised:
        read_stack(project, "dev")
    assert sentence in str(raised.value)
    assert "Pulumi.dev.yaml" in str(raised.value)
