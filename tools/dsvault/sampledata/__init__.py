"""Realistic data that nobody owns, the same for the same seed. Pure.

plan = plan_of(PROFILES["small"], seed=7)
for dataset in plan.datasets:
for version in dataset.versions:
version.message, version.records()      # an iterator over mappings
"""

from __future__ import annotations

from dsvault.sampledata.plan import (
    PROFILES,
    PlannedDataset,
    PlannedVersion,
    Profile,
    SamplePlan,
    plan_of,
)

__all__ = ["PROFILES", "PlannedDataset", "PlannedVersion", "Profile", "SamplePlan", "plan_of"]
