-- As an operator: the months of the audit trail.
SELECT dsvault.ensure_audit_partitions($1)::bigint AS amount
