"""Columns of Parquet files become tokens on the way in, and an equal table comes back."""

from __future__ import annotations

import importlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from dsvault.errors import DsvaultError
from dsvault.ops.transfer import ExportRequest, ImportRequest, TokenRule, export_file, import_file

if TYPE_CHECKING:
    from pathlib import Path

    from tests.transfer.conftest import Acme


@pytest.mark.packages("pyarrow")
def test_columns_of_parquet_files_become_tokens_if_they_hold_texts(
    acme: Acme, tmp_path: Path
) -> None:
    arrow = importlib.import_module("pyarrow")
    parquet = importlib.import_module("pyarrow.parquet")
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    table = arrow.table({"n": [1, 2, 3], "email": ["A@b.example", None, "a@B.example"]})
    parquet.write_table(table, path)
    with pytest.raises(DsvaultError, match="has no column n of texts"):
        import_file(
            acme.target, ImportRequest("acme", "parquet", path, tokens={"n": TokenRule("phone")})
        )
    rules = {"email": TokenRule("email")}
    assert (
        import_file(acme.target, ImportRequest("acme", "parquet", path, tokens=rules)).tokens == 2
    )
    export = ExportRequest("acme", "parquet", out, reason="a look")
    export_file(acme.target, export)
    assert parquet.read_table(out).equals(table)
    out.unlink()
    export_file(acme.target, replace(export, reason=None))
    first, none, last = parquet.read_table(out)["email"].to_pylist()
    assert (first, none) == (last, None)
    assert first.startswith("tok_email_")
