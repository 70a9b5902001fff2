"""A Parquet file comes back as an equal table, with values that JSON has no form for."""

from __future__ import annotations

import datetime as dt
import importlib
import math
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.support.extras import is_there
from tests.tools.files.copying import copied, read

from dsvault.files import FileFormatError, open_source

if TYPE_CHECKING:
    from pathlib import Path

needs_pyarrow = pytest.mark.packages("pyarrow")

DAY = 86_400_000


@pytest.fixture
def pa() -> Any:
    return importlib.import_module("pyarrow")


@pytest.fixture
def pq() -> Any:
    return importlib.import_module("pyarrow.parquet")


def columns(pa: Any) -> dict[str, Any]:
    """Return a column of every type that is kept."""
    return {
        "truth": pa.array([True, None, False]),
        "whole": pa.array([1, 2**62, None]),
        "unsigned": pa.array([0, 2**64 - 1, 1], pa.uint64()),
        "half": pa.array([1.5, None, 2], pa.float16()),
        "single": pa.array([1.1, None, -0.0], pa.float32()),
        "double": pa.array([math.inf, -math.inf, 0.1]),
        "text": pa.array(["a", None, "é\u2028"]),
        "long text": pa.array(["x", "", None], pa.large_string()),
        "bytes": pa.array([b"\0\xff", b"", None]),
        "two bytes": pa.array([b"ab", None, b"cd"], pa.binary(2)),
        "day": pa.array([dt.date(1815, 12, 10), None, dt.date(2100, 1, 1)]),
        "day in ms": pa.array([0, DAY, None], pa.date64()),
        "moment": pa.array([1, None, -5], pa.timestamp("ns")),
        "moment there": pa.array([1, 2, None], pa.timestamp("us", tz="Europe/Berlin")),
        "time": pa.array([1, 2, None], pa.time32("ms")),
        "fine time": pa.array([1, 2, None], pa.time64("ns")),
        "duration": pa.array([1, None, 3], pa.duration("s")),
        "money": pa.array([Decimal("1.50"), None, Decimal("-99999999.25")], pa.decimal128(12, 2)),
        "choice": pa.array(["a", None, "a"]).dictionary_encode(),
        "nothing": pa.array([None] * 3, pa.null()),
    }


@needs_pyarrow
def test_every_type_comes_back_with_its_schema(tmp_path: Path, pa: Any, pq: Any) -> None:
    table = pa.table(columns(pa)).replace_schema_metadata({"from": "somewhere"})
    path = tmp_path / "in.parquet"
    pq.write_table(table, path)
    before, after = pq.read_table(path), pq.read_table(copied(path))
    assert after.schema.equals(before.schema, check_metadata=True)
    different = [name for name in before.column_names if not before[name].equals(after[name])]
    assert different == []


@needs_pyarrow
def test_what_is_no_number_comes_back(tmp_path: Path, pa: Any, pq: Any) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"double": pa.array([math.nan, None, 1.0])}), path)
    values = pq.read_table(copied(path))["double"].to_pylist()
    assert math.isnan(values[0])
    assert values[1:] == [None, 1.0]


@needs_pyarrow
def test_many_rows_come_back_in_their_order(tmp_path: Path, pa: Any, pq: Any) -> None:
    path = tmp_path / "in.parquet"
    pq.write_table(pa.table({"n": pa.array(range(12_345))}), path, row_group_size=700)
    assert pq.read_table(copied(path))["n"].to_pylist() == list(range(12_345))


@needs_pyarrow
@pytest.mark.parametrize("kind", ["list", "structure"])
def test_a_type_that_is_not_kept_exactly_is_refused_by_its_column(
    tmp_path: Path, pa: Any, pq: Any, kind: str
) -> None:
    values = {"list": [[1], [2]], "structure": [{"a": 1}, {"a": 2}]}[kind]
    pq.write_table(pa.table({"odd": pa.array(values)}), tmp_path / "in.parquet")
    with pytest.raises(FileFormatError, match="column odd has a type that is not kept exactly"):
        read(tmp_path / "in.parquet")


@needs_pyarrow
def test_what_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_bytes(b"PAR1 but not really")
    with pytest.raises(FileFormatError, match="is no Parquet file"):
        open_source(tmp_path / "in.parquet")


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "dsvault.files.parquet", raising=False)
    (tmp_path / "in.parquet").write_bytes(b"")
    with pytest.raises(FileFormatError, match="need pyarrow") as refused:
        open_source(tmp_path / "in.parquet")
    assert "dsvault[parquet]" in (refused.value.hint or "")
    monkeypatch.delitem(sys.modules, "dsvault.files.parquet", raising=False)


def test_a_module_of_an_extra_is_found_or_missed() -> None:
    assert is_there("json.decoder")
    assert not is_there("no_such_package.module")
