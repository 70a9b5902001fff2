-- Removes the table with its last row, and the schema if it can be made again.
DO $clear$
BEGIN
    IF EXISTS (SELECT FROM dsvault_runner.intents)
       OR NOT pg_has_role((SELECT c.relowner FROM pg_class AS c
                            WHERE c.oid = 'dsvault_runner.intents'::regclass), 'USAGE') THEN
        RETURN;
    END IF;
    DROP TABLE dsvault_runner.intents;
    IF pg_has_role((SELECT n.nspowner FROM pg_namespace AS n WHERE n.nspname = 'dsvault_runner'), 'USAGE')
       AND has_database_privilege(current_database(), 'CREATE')
       AND NOT EXISTS (SELECT FROM pg_depend AS d
                        WHERE d.refclassid = 'pg_namespace'::regclass
                          AND d.refobjid = 'dsvault_runner'::regnamespace) THEN
        DROP SCHEMA dsvault_runner;
    END IF;
END
$clear$
