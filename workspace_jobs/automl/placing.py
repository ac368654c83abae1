"""Where `mlws automl run` runs, and which of its options make sense there."""

from dataclasses import dataclass

import click

from workspace_jobs.automl.options import Options


@dataclass(frozen=True)
class Placement:
    """What the command line says of where to run, and of what becomes of it."""

    engine: str = "open"
    here: bool = False
    compute: str | None = None
    environment: str | None = None
    streaming: bool = False
    experiment: str | None = None
    tracking_uri: str | None = None
    no_tracking: bool = False
    register_as: str | None = None
    candidates_only: bool = False

    @property
    def is_job(self) -> bool:
        """Whether it runs as a job of a workspace."""
        return self.compute is not None or self.engine == "azure"

    def check(self, data: str, options: Options) -> None:
        """Raise UsageError for options that contradict each other."""
        of_names = (*self._of_place(), *self._of_candidates(), *self._of_tracking())
        for is_wrong, sentence in (*of_names, *self._of_run(data, options)):
            if is_wrong:
                raise click.UsageError(sentence)

    def _of_place(self) -> tuple[tuple[bool, str], ...]:
        is_azure = self.engine == "azure"
        of_job = self.environment is not None or self.streaming
        return (
            (self.here and self.compute is not None, "--here and --compute exclude each other: write one of them"),
            (
                self.here and is_azure,
                "--here and --engine azure exclude each other: Azure's engine runs in the workspace",
            ),
            (
                of_job and not self.is_job,
                "--environment and --stream are for a job: write --compute, or leave them out",
            ),
            (is_azure and self.environment is not None, "--environment is the open engine's: Azure's brings its own"),
        )

    def _of_candidates(self) -> tuple[tuple[bool, str], ...]:
        is_of_run = self.is_job or self.register_as is not None
        told = "--candidates-only trains nothing: leave --compute, --engine azure and --register-as to the run after it"
        return ((self.candidates_only and is_of_run, told),)

    def _of_tracking(self) -> tuple[tuple[bool, str], ...]:
        elsewhere = self.tracking_uri is not None or self.no_tracking
        return (
            (
                self.is_job and elsewhere,
                "--tracking-uri and --no-tracking are for a run on this machine: a job is tracked in the workspace",
            ),
            (
                self.no_tracking and (self.tracking_uri is not None or self.experiment is not None),
                "--no-tracking logs nothing: leave --tracking-uri and --experiment out, or it",
            ),
            (
                self.register_as is not None and self.no_tracking,
                "--register-as and --no-tracking exclude each other: a model is registered in MLflow",
            ),
            (
                self.register_as is not None and self.engine == "azure",
                "--register-as is the open engine's: register the job's model with `mlws models register`",
            ),
        )

    def _of_run(self, data: str, options: Options) -> tuple[tuple[bool, str], ...]:
        from workspace_jobs.automl.data.data_assets import is_data_asset

        is_ray = options.executor == "ray"
        tables = (data, options.test, options.validation)
        needs_workspace = self.is_job or any(map(is_data_asset, tables))
        return (
            (
                options.config is not None and not needs_workspace,
                "--config is for --compute, --engine azure and data assets: write one, or leave it out",
            ),
            (
                options.resume and options.out is None and not self.is_job,
                "--resume needs --out: the folder of the run to go on with",
            ),
            (
                is_ray and self.is_job and self.environment is None,
                "--executor ray as a job needs --environment, one that has Ray: name it, or leave --executor out",
            ),
            (
                options.ray_address is not None and not is_ray,
                "--ray-address is for --executor ray: write it, or leave --ray-address out",
            ),
        )
