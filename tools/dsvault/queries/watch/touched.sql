-- Lists the relations on which this session has a lock, and what its transaction did to them so far.
-- A relation that was dropped has no file any more.
SELECT l.relation::bigint AS oid,
       array_agg(DISTINCT l.mode) AS modes,
       pg_relation_filenode(l.relation)::bigint AS file,
       coalesce(pg_stat_get_xact_numscans(l.relation), 0) AS scans,
       coalesce(pg_stat_get_xact_tuples_returned(l.relation), 0) AS rows
  FROM pg_catalog.pg_locks AS l
  LEFT JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
 WHERE l.pid = pg_backend_pid()
   AND l.locktype = 'relation'
   AND l.granted
 GROUP BY l.relation, c.relkind
