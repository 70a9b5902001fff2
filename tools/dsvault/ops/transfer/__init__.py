"""Files into versions of datasets, and back.

    import_file(target, ImportRequest("acme", "customers", Path("customers.csv"))) -> Imported
    export_file(target, ExportRequest("acme", "customers", Path("copy.csv"))) -> Exported

Both work in the name of a user of the tenant, through the role dsvault_app: row security decides
what he may. Records are encrypted, and decrypted, in this process.
"""

from __future__ import annotations

from dsvault.ops.transfer.actor import TransferError
from dsvault.ops.transfer.columns import TokenRule
from dsvault.ops.transfer.exporting import Exported, ExportRequest, export_file
from dsvault.ops.transfer.importing import Imported, ImportRequest, import_file

__all__ = [
    "ExportRequest",
    "Exported",
    "ImportRequest",
    "Imported",
    "TokenRule",
    "TransferError",
    "export_file",
    "import_file",
]
