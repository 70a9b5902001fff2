-- Verify dsvault:functions/record_archive on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault_private.record_archive',
    dsvault_facts.function_of('dsvault_private.record_archive(text, timestamptz, timestamptz, '
        'text, bytea, bytea)'), ARRAY[
    'FUNCTION record_archive(partition_name text, from_time timestamp with time zone, to_time '
    'timestamp with time zone, file_name text, file_hash bytea, contents bytea) RETURNS '
    'bigint LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET '
    'search_path=pg_catalog, pg_temp SET TimeZone=UTC SET DateStyle=ISO OWNER dsvault_recorder',
    'comment: Notes that a month leaves the trail for a file, in the trail too; returns the '
    'number of its entries. DV823 if one is not as it was sealed, DV824 if the file holds '
    'something else.',
    'body 68b13f35abc28367',
    'dsvault_owner EXECUTE']);

CALL dsvault_facts.must_equal('dsvault_private.record_drop',
    dsvault_facts.function_of('dsvault_private.record_drop(text, bytea)'), ARRAY[
    'FUNCTION record_drop(partition_name text, file_hash bytea) RETURNS boolean LANGUAGE '
    'plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE SET search_path=pg_catalog, pg_temp '
    'OWNER dsvault_recorder',
    'comment: Writes down, for each tenant of it, that an archived month is dropped; false if its '
    'last archive is no such one.',
    'body a5a3edc907a6d155',
    'dsvault_owner EXECUTE']);

ROLLBACK;
