"""Files of records: read one into a version, write a version back as the same file. Pure.

    with open_source(Path("people.csv")) as source:
        for content in source.records():     # a mapping, or the bytes of a JSON object
            ...
        description = source.description()   # JSON; all that the file is beside its records
    with open_sink(Path("copy.csv"), description) as sink:
        sink.write(content)                  # bytes of a JSON object, in the order they were read

CSV and JSON Lines come back byte for byte, Parquet as an equal table of the same schema.
"""

from __future__ import annotations

from dsvault.files.errors import FileFormatError
from dsvault.files.formats import FORMATS, open_sink, open_source
from dsvault.files.model import Sink, Source

__all__ = ["FORMATS", "FileFormatError", "Sink", "Source", "open_sink", "open_source"]
