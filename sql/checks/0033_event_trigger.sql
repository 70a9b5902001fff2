-- Finds event triggers that no extension brought, nor sql/hardening/.
--
-- Level: warning
-- Why:   an event trigger runs as whoever changes the schema, the deployer and superusers too.
SELECT 'C0033' AS code,
    'warning' AS level,
    o.object,
    pg_catalog.format('runs %I.%I of %s on %s', n.nspname, p.proname,
        pg_catalog.pg_get_userbyid(t.evtowner), t.evtevent) AS detail,
    pg_catalog.format('ALTER EVENT TRIGGER %s DISABLE; -- unless you know it', o.object) AS remedy,
    'C0033 ' || o.object AS key
FROM pg_catalog.pg_event_trigger AS t
    JOIN pg_catalog.pg_proc AS p ON p.oid = t.evtfoid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
    CROSS JOIN LATERAL (SELECT pg_catalog.quote_ident(t.evtname)) AS o (object)
WHERE t.evtenabled <> 'D'
    AND (t.evtname, n.nspname) <> ('dsvault_refuse_drop_owned', 'dsvault_hardening')
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend AS e
        WHERE e.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND e.objid = t.oid
            AND e.deptype = 'e')
ORDER BY o.object
