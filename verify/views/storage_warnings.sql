-- Verify dsvault:views/storage_warnings on pg

BEGIN;

SET LOCAL ROLE dsvault_owner;

CALL dsvault_facts.must_equal('dsvault.storage_warnings',
    dsvault_facts.table_of('dsvault.storage_warnings'), ARRAY[
    'view OWNER dsvault_owner WITH {security_invoker=true}',
    'body 59f045fb589d8fae']);

CALL dsvault_facts.must_equal('dsvault.storage_warnings columns',
    dsvault_facts.columns_of('dsvault.storage_warnings'), ARRAY[
    'tenant_id uuid',
    'slug text',
    'used_bytes bigint',
    'storage_quota_bytes bigint',
    'used_percent numeric',
    'state text']);

CALL dsvault_facts.must_equal('dsvault.storage_warnings comments',
    dsvault_facts.comments_of('dsvault.storage_warnings'), ARRAY[
    'column slug: Its short name.',
    'column state: warning from 80 %, exceeded above the quota.',
    'column storage_quota_bytes: What they may hold.',
    'column tenant_id: The tenant.',
    'column used_bytes: What its published versions hold.',
    'column used_percent: The share of the quota that is used; NULL with a quota of 0.',
    'table: Tenants that use 80 % of their storage quota or more, of those that the session may'
    ' see.']);

CALL dsvault_facts.must_equal('dsvault.storage_warnings grants',
    dsvault_facts.grants_of('dsvault.storage_warnings'), ARRAY[
    'dsvault_app SELECT',
    'dsvault_auditor SELECT',
    'dsvault_operator SELECT',
    'dsvault_reader SELECT']);

ROLLBACK;
