-- What is told of partitions as a kind, with the names of those of which it is true.
SELECT pg_catalog.format('partition of %s: %s', i.inhparent::pg_catalog.regclass, f.fact) AS fact,
    i.inhrelid::pg_catalog.regclass::text AS partition
FROM pg_catalog.pg_inherits AS i
    JOIN pg_catalog.pg_class AS c ON c.oid = i.inhparent
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace,
    LATERAL pg_catalog.unnest(dsvault_facts.partition_of(i.inhrelid)) AS f (fact)
WHERE n.nspname IN ('dsvault', 'dsvault_private', 'dsvault_facts') AND c.relkind = 'p'
ORDER BY i.inhrelid::pg_catalog.regclass::text
