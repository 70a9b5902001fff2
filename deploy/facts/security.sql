-- Deploy dsvault:facts/security to pg
-- requires: facts/compare
--
-- Why:    who may do what is stated as text: policies, grants, roles, schemas, functions.
-- Locks:  none.
-- Data:   none.
-- Revert: lossless.

BEGIN;

SET LOCAL ROLE dsvault_owner;

CREATE OR REPLACE FUNCTION dsvault_facts.rls_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[CASE WHEN c.relrowsecurity THEN 'ENABLE' ELSE 'DISABLE' END
            || CASE WHEN c.relforcerowsecurity THEN ' FORCE' ELSE ' NO FORCE' END]
        || (SELECT array_agg(concat_ws(' ', quote_ident(p.policyname),
                'AS', p.permissive, 'FOR', p.cmd, 'TO', p.roles::text,
                'USING ' || p.qual, 'CHECK ' || p.with_check) ORDER BY p.policyname)
            FROM pg_policies AS p
            WHERE p.schemaname = n.nspname AND p.tablename = c.relname)
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.oid = relation;
$$;

-- What the owner holds is not told: it is everything, and PostgreSQL 17 added MAINTAIN to it.
CREATE OR REPLACE FUNCTION dsvault_facts.acl_lines(acl aclitem[], owner oid)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(array_agg(g.line ORDER BY g.line), '{}')
    FROM (
        SELECT concat(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END, ' ',
            string_agg(a.privilege_type
                || CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END,
                ',' ORDER BY a.privilege_type)) AS line
        FROM aclexplode(acl) AS a
        WHERE a.grantee <> owner
        GROUP BY a.grantee
    ) AS g;
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.grants_of(relation regclass)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT dsvault_facts.acl_lines(c.relacl, c.relowner) || coalesce((
        SELECT array_agg(g.line ORDER BY g.line)
        FROM (
            SELECT concat(CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END,
                ' ', a.privilege_type, '(', string_agg(quote_ident(attname), ',' ORDER BY attname),
                ')', CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' END) AS line
            FROM pg_attribute AS t, aclexplode(t.attacl) AS a
            WHERE t.attrelid = c.oid AND NOT t.attisdropped AND a.grantee <> c.relowner
            GROUP BY a.grantee, a.privilege_type, a.is_grantable
        ) AS g), '{}')
    FROM pg_class AS c
    WHERE c.oid = relation;
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.function_of(routine regprocedure)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[concat_ws(' ',
                CASE p.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE'
                    WHEN 'w' THEN 'WINDOW' ELSE 'FUNCTION' END,
                format('%s(%s)', p.proname, pg_get_function_arguments(p.oid)),
                'RETURNS ' || pg_get_function_result(p.oid),
                'LANGUAGE ' || l.lanname,
                CASE p.provolatile WHEN 'i' THEN 'IMMUTABLE' WHEN 's' THEN 'STABLE'
                    ELSE 'VOLATILE' END,
                CASE WHEN p.proisstrict THEN 'STRICT' END,
                CASE WHEN p.proleakproof THEN 'LEAKPROOF' END,
                CASE WHEN p.prosecdef THEN 'SECURITY DEFINER' ELSE 'SECURITY INVOKER' END,
                CASE p.proparallel WHEN 's' THEN 'PARALLEL SAFE' WHEN 'r' THEN 'PARALLEL RESTRICTED'
                    ELSE 'PARALLEL UNSAFE' END,
                'SET ' || array_to_string(p.proconfig, ' SET '),
                'OWNER ' || pg_get_userbyid(p.proowner)),
            'comment: ' || coalesce(obj_description(p.oid, 'pg_proc'), '(none)'),
            'body ' || left(encode(sha256(convert_to(p.prosrc, 'UTF8')), 'hex'), 16)]
        || dsvault_facts.acl_lines(coalesce(p.proacl, acldefault('f', p.proowner)), p.proowner)
    FROM pg_proc AS p JOIN pg_language AS l ON l.oid = p.prolang
    WHERE p.oid = routine;
$$;

CREATE OR REPLACE FUNCTION dsvault_facts.schema_of(schema regnamespace)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY['OWNER ' || pg_get_userbyid(n.nspowner),
            'comment: ' || coalesce(obj_description(n.oid, 'pg_namespace'), '(none)')]
        || dsvault_facts.acl_lines(coalesce(n.nspacl, acldefault('n', n.nspowner)), n.nspowner)
    FROM pg_namespace AS n
    WHERE n.oid = schema;
$$;

-- Members are other people's business. Before PostgreSQL 16 members, not grants, are INHERIT.
CREATE OR REPLACE FUNCTION dsvault_facts.role_of(role regrole)
    RETURNS text[]
    LANGUAGE sql
    STABLE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[concat_ws(' ',
                CASE WHEN r.rolcanlogin THEN 'LOGIN' ELSE 'NOLOGIN' END,
                CASE WHEN r.rolinherit THEN 'INHERIT' ELSE 'NOINHERIT' END,
                CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
                CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
                CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
                CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
                CASE WHEN r.rolreplication THEN 'REPLICATION' END),
            'comment: ' || coalesce(shobj_description(r.oid, 'pg_authid'), '(none)')]
        || (SELECT array_agg(DISTINCT concat('member of ', pg_get_userbyid(m.roleid),
                CASE WHEN coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, r.rolinherit)
                    THEN ' WITH INHERIT' END,
                CASE WHEN m.admin_option THEN ' WITH ADMIN' END))
            FROM pg_auth_members AS m WHERE m.member = r.oid)
    FROM pg_roles AS r
    WHERE r.oid = role;
$$;

COMMENT ON FUNCTION dsvault_facts.rls_of(regclass) IS
    'Row security switches of one relation, then one line a policy.';
COMMENT ON FUNCTION dsvault_facts.acl_lines(aclitem[], oid) IS
    'One line a grantee but the owner: name and privileges, sorted.';
COMMENT ON FUNCTION dsvault_facts.grants_of(regclass) IS
    'One line a grantee but the owner; then one a grantee and privilege on columns.';
COMMENT ON FUNCTION dsvault_facts.function_of(regprocedure) IS
    'Signature, attributes, comment and body digest of one routine, and who may call it.';
COMMENT ON FUNCTION dsvault_facts.schema_of(regnamespace) IS
    'Owner and comment of one schema, and who may use it.';
COMMENT ON FUNCTION dsvault_facts.role_of(regrole) IS
    'Attributes and comment of one role, and the roles that it is a member of.';

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA dsvault_facts FROM PUBLIC;

COMMIT;
