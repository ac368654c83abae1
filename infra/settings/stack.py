"""What a stack may say about itself: a section for each part of it, and the checks of what is in one place."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from infra.settings.access import AccessName, RoleGrant, RoleName, WorkspaceRole
from infra.settings.access_plan import planned_grants
from infra.settings.compute import ComputeClusterSettings, ComputeKey, NamedClusterSettings, VmSizeName
from infra.settings.compute_checks import check_computes, like_the_default_cluster
from infra.settings.compute_instance import ComputeInstanceSettings, ComputeSchedule, ScheduleName
from infra.settings.container_registry import ContainerRegistrySettings
from infra.settings.encryption import EncryptionSettings
from infra.settings.feature_store import FeatureStoreSettings
from infra.settings.key_vault import KeyVaultSettings, Principal
from infra.settings.logging_policy import LoggingSettings
from infra.settings.managed_network import ManagedNetworkSettings, OutboundRule, OutboundRuleName
from infra.settings.model_registry import ModelRegistrySettings, SharedRegistrySettings
from infra.settings.names import AcceptedName
from infra.settings.network import NetworkSettings
from infra.settings.operations import AlertSettings, BudgetSettings, MonitoringSettings
from infra.settings.outbound_checks import check_outbound
from infra.settings.protection import ProtectionSettings
from infra.settings.secrets import Secrets
from infra.settings.section import Section
from infra.settings.serverless import ServerlessComputeSettings
from infra.settings.storage import (
    DataStorageSettings,
    LifecycleRule,
    LifecycleRuleName,
    StorageSettings,
    check_prefixes,
    stated_with_braces,
)
from infra.settings.tags import TagSettings
from infra.settings.workspace import WorkspaceSettings


class Settings(Section):
    """Everything that a stack may set."""

    environment: str = Field(description="Environment, and so the profile. Default: the name of the stack.")
    region: str = Field(description="Azure region of every resource: `azure-native:location`.")
    subscription_id: UUID | None = Field(
        default=None,
        description="Id of the subscription: `azure-native:subscriptionId`. Default: of the one you are logged in to.",
    )
    workload: str | None = Field(
        default=None, description="Workload token of the names. Default: the one of the naming convention."
    )
    instance: str | None = Field(
        default=None,
        description="Instance token of the names, quoted: `'01'`. Default: the one of the naming convention.",
    )
    names: dict[str, AcceptedName] = Field(
        default_factory=dict,
        description="Names of what existed before the stack, by what it is, instead of the convention's:"
        " `workspace: ml-team-a`. `mlws infra import` says which ones are needed.",
    )
    tags: TagSettings = Field(description="Tags of every resource.")
    workspace: WorkspaceSettings = Field(default_factory=WorkspaceSettings, description="Workspace.")
    feature_store: FeatureStoreSettings = Field(default_factory=FeatureStoreSettings, description="Feature store.")
    encryption: EncryptionSettings = Field(default_factory=EncryptionSettings, description="Customer-managed key.")
    managed_network: ManagedNetworkSettings = Field(
        default_factory=ManagedNetworkSettings, description="Managed network of the workspace's computes."
    )
    outbound_rules: dict[OutboundRuleName, OutboundRule] = Field(
        default_factory=dict,
        description="What computes in the managed network may reach, each by a name of 3 to 33 characters.",
    )
    unlisted_service_tags: tuple[str, ...] = Field(
        default=(),
        description="Service tags that Azure has and the table of mlws lacks, because they are new; they are taken"
        " unchecked.",
    )
    serverless_compute: ServerlessComputeSettings = Field(
        default_factory=ServerlessComputeSettings, description="Serverless compute."
    )
    principals: dict[str, Principal] = Field(
        default_factory=dict, description="Who has a role in the stack, by a name of your own."
    )
    key_vault: KeyVaultSettings = Field(description="Key Vault.")
    secrets: Secrets = Field(
        default_factory=dict,
        description="Secrets that the stack keeps in the Key Vault, by their names there; each is set with `pulumi"
        " config set --secret --path mlws:secrets.<name>`, which asks for the value and writes it encrypted.",
    )
    storage: StorageSettings = Field(description="Storage account.")
    lifecycle_rules: dict[LifecycleRuleName, LifecycleRule] = Field(
        default_factory=dict, description="When blobs move to cheaper tiers or go, by a name of your own."
    )
    data_storage: Annotated[DataStorageSettings | None, BeforeValidator(stated_with_braces)] = Field(
        default=None, description="Storage account for data."
    )
    data_lifecycle_rules: dict[LifecycleRuleName, LifecycleRule] = Field(
        default_factory=dict, description="The same for the storage account for data."
    )
    container_registry: ContainerRegistrySettings = Field(description="Container registry.")
    network: NetworkSettings = Field(
        default_factory=NetworkSettings, description="From where the services are reached."
    )
    monitoring: MonitoringSettings = Field(description="Log Analytics and Application Insights.")
    logging: LoggingSettings = Field(default_factory=LoggingSettings, description="Logging of training jobs.")
    shared_registry: SharedRegistrySettings = Field(
        default_factory=SharedRegistrySettings, description="Registry of models that the workspace uses."
    )
    model_registry: ModelRegistrySettings = Field(
        default_factory=ModelRegistrySettings, description="Registry of models that stack `shared` makes."
    )
    alerts: AlertSettings = Field(default_factory=AlertSettings, description="Alerts.")
    budget: BudgetSettings = Field(default_factory=BudgetSettings, description="Budget.")
    protection: ProtectionSettings = Field(description="Protection against deletion.")
    compute_cluster: ComputeClusterSettings = Field(description="Compute cluster.")
    compute_clusters: dict[ComputeKey, NamedClusterSettings] = Field(
        default_factory=dict,
        max_length=200,
        description="More compute clusters, each by a name of one to four lower-case letters or digits.",
    )
    compute_instances: dict[ComputeKey, ComputeInstanceSettings] = Field(
        default_factory=dict,
        max_length=200,
        description="Compute instances, each by a name of one to four lower-case letters or digits.",
    )
    compute_schedules: dict[ScheduleName, ComputeSchedule] = Field(
        default_factory=dict, description="When compute instances start and stop."
    )
    unlisted_vm_sizes: tuple[VmSizeName, ...] = Field(
        default=(),
        description="VM sizes that Azure Machine Learning has and the table of mlws lacks, because they are new or not"
        " in every region; they are taken unchecked.",
    )

    access: dict[AccessName, RoleGrant] = Field(
        default_factory=dict, description="Azure's roles for people and applications, by a name of your own."
    )
    workspace_roles: dict[RoleName, WorkspaceRole] = Field(
        default_factory=dict, description="Roles of your own, by a name of your own."
    )

    @model_validator(mode="before")
    @classmethod
    def _clusters_are_like_the_default_one(cls, stated: Any) -> Any:  # noqa: ANN401 - what a stack file holds
        return like_the_default_cluster(stated)

    @model_validator(mode="after")
    def _computes_agree(self) -> "Settings":
        check_computes(
            {"mlws:computeCluster": self.compute_cluster}
            | {f"mlws:computeClusters.{name}": cluster for name, cluster in self.compute_clusters.items()},
            self.compute_instances,
            self.compute_schedules,
            self.unlisted_vm_sizes,
        )
        return self

    @model_validator(mode="after")
    def _grants_are_distinct(self) -> "Settings":
        planned_grants(self.principals, self.access, self.workspace_roles, self.key_vault.access)
        return self

    @model_validator(mode="after")
    def _service_tags_exist(self) -> "Settings":
        check_outbound(self.outbound_rules, self.unlisted_service_tags)
        return self

    @model_validator(mode="after")
    def _rules_have_an_account(self) -> "Settings":
        if self.data_lifecycle_rules and self.data_storage is None:
            raise ValueError(
                "mlws:dataLifecycleRules is for a second account; add mlws:dataStorage, or use lifecycleRules"
            )
        check_prefixes("lifecycleRules", self.lifecycle_rules, self.storage.all_containers)
        if self.data_storage is not None:
            check_prefixes("dataLifecycleRules", self.data_lifecycle_rules, self.data_storage.containers)
        return self

    @model_validator(mode="after")
    def _principals_are_distinct(self) -> "Settings":
        seen: dict[UUID, str] = {}
        for name, principal in self.principals.items():
            first = seen.setdefault(principal.object_id, name)
            if first != name:
                raise ValueError(
                    f"mlws:principals.{name}.objectId: '{principal.object_id}' is the object id of '{first}' too;"
                    " give each principal once"
                )
        return self
