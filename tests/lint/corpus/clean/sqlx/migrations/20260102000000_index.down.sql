-- no-transaction
DROP INDEX CONCURRENTLY notes_body_idx;
