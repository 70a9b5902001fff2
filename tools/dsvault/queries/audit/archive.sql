-- As an operator: let the month $1 go for the file $3, whose hashes are $4 and $5.
SELECT dsvault.archive_audit_partition($1, $2, $3, $4, $5) AS amount
