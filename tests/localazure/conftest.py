"""What tests of the embedded Azure's wire begin with: a client, and a resource group of their own."""

import uuid

import pytest

from tests.conftest import EmbeddedAzure
from tests.localazure.arm_client import ArmClient


@pytest.fixture
def arm(azure: EmbeddedAzure) -> ArmClient:
    return ArmClient()


@pytest.fixture
def group(arm: ArmClient) -> str:
    return arm.group(f"rg-{uuid.uuid4().hex[:8]}")
