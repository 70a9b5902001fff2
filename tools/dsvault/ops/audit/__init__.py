"""The audit trail examined: verify_trail, export_checkpoint, prove_entry, each on one target."""
