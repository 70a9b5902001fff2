-- Whether this session is the only one that archives; the lock ends with it.
SELECT pg_catalog.pg_try_advisory_lock(
    pg_catalog.hashtextextended('dsvault audit archive', 0)) AS is_there
