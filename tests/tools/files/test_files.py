"""JSON Lines come back byte for byte; a file is there when it is whole, under a free name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.tools.files.copying import copied, read

from dsvault.files import FileFormatError, open_sink, open_source

if TYPE_CHECKING:
    from pathlib import Path

LINES = b'{"b": 1, "a": [1.50, null]}\n{ }\r\n{"name":"\xc3\x89lise"}\n'
PLAIN = {"format": "jsonl", "ends_in_newline": True}


@pytest.mark.parametrize("content", [LINES, LINES[:-1], b""])
def test_json_lines_come_back_byte_for_byte(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(content)
    assert copied(path).read_bytes() == content


@pytest.mark.parametrize("line", [b"", b"[1]", b"1", b'{"a":', b"\xe9", b'{"a": 1} {"b": 2}'])
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'{"a": 1}\n' + line + b"\n")
    with pytest.raises(FileFormatError, match=r":2: this line is no JSON object"):
        read(path)


@pytest.mark.parametrize("name", ["in.txt", "in", ".csv"])
def test_a_name_that_tells_no_format_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a\n1\n")
    with pytest.raises(FileFormatError, match="tells no format"):
        open_source(tmp_path / name)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read") as refused:
        open_source(tmp_path / "none.csv")
    assert refused.value.detail == "No such file or directory"


def test_a_version_is_written_in_the_format_that_it_came_in(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="came from a jsonl file"):
        open_sink(tmp_path / "out.csv", PLAIN)
    with pytest.raises(FileFormatError, match="came from no file"):
        open_sink(tmp_path / "out.csv", {})


def test_an_existing_file_is_not_replaced(tmp_path: Path) -> None:
    taken = tmp_path / "out.jsonl"
    taken.write_text("mine")
    with pytest.raises(FileFormatError, match="already"):
        open_sink(taken, PLAIN)
    assert taken.read_text() == "mine"


def test_a_file_that_comes_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    sink = open_sink(path, PLAIN)
    sink.write(b"{}")
    path.write_text("mine")
    with pytest.raises(FileFormatError, match="already"):
        sink.close()
    assert [item.name for item in tmp_path.iterdir()] == ["out.jsonl"]
    assert path.read_text() == "mine"


def test_what_fails_leaves_no_file(tmp_path: Path) -> None:
    def fail() -> None:
        with open_sink(tmp_path / "out.jsonl", PLAIN) as sink:
            sink.write(b"{}")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_what_was_encrypted_is_not_written_for_everybody_to_read(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    with open_sink(path, PLAIN) as sink:
        sink.write(b"{}")
    assert path.stat().st_mode & 0o077 == 0
