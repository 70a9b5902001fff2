-- As an operator: drop the archived month $1, whose file has the hash $2.
SELECT dsvault.drop_archived_partition($1, $2)::text AS name
