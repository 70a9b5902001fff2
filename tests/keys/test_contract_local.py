"""The contract of every provider, held by a local key."""

from __future__ import annotations

import pytest
from tests.keys.contract import ProviderContract, Subject

from dsvault.crypto import Secret
from dsvault.wrapping import LocalProvider


class TestLocal(ProviderContract):
    @pytest.fixture
    def subject(self) -> Subject:
        return Subject(
            LocalProvider("first", Secret.random()), LocalProvider("second", Secret.random())
        )
