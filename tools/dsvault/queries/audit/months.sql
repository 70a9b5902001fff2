-- As an operator: past months of the trail, and what keeps each there if $1 before this one stay.
SELECT m.partition_name, m.from_time, m.to_time, m.entry_count, m.bytes AS size, m.blocked_by
FROM dsvault.audit_months($1) AS m
ORDER BY m.from_time
