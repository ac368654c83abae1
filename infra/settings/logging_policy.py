"""What a stack may say about the logging of its training jobs: the switch for a whole workspace.

The program does nothing with it but hand it on in `config_json`, where whatever submits a job reads it.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from infra.settings.section import Section

Flavour = Literal[
    "sklearn", "xgboost", "lightgbm", "statsmodels", "keras", "tensorflow", "pytorch", "transformers", "spark"
]


def _switch(value: object) -> object:
    """YAML reads a bare on or off as true or false."""
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else value


class LoggingSettings(Section):
    """What MLflow logs by itself in the training jobs of the workspace; a script may decide otherwise for itself."""

    autolog: Annotated[Literal["on", "off", "explicit-only"], BeforeValidator(_switch)] = Field(
        default="on",
        description="`on`: what a library trains is logged. `off`: nothing is turned on, except flavours that say `on`."
        " `explicit-only`: autologging is turned off, also where the platform has turned it on.",
    )
    flavours: dict[Flavour, Annotated[Literal["on", "off"], BeforeValidator(_switch)]] = Field(
        default_factory=dict,
        description="Other than `autolog`, for single libraries: `{xgboost: off}`.",
    )
    models: bool = Field(default=True, description="Whether autologging logs the model.")
    signatures: bool = Field(default=True, description="Whether the model gets the signature of its input and output.")
    examples: bool = Field(
        default=True, description="Whether the model gets an input example, which is rows of the training data."
    )
    datasets: bool = Field(default=True, description="Whether autologging logs digest and schema of the data.")

    @model_validator(mode="after")
    def _explicit_is_explicit(self) -> "LoggingSettings":
        if self.autolog == "explicit-only" and "on" in self.flavours.values():
            raise ValueError(
                "flavours that are on contradict autolog 'explicit-only'; write autolog: 'off', or leave them out"
            )
        return self
