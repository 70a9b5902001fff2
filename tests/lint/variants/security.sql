-- === sd nopath sql
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$; -- FAULT secdef-no-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd nopath proc
CREATE OR REPLACE PROCEDURE app.p(a int) -- FAULT secdef-no-search-path
LANGUAGE plpgsql
SECURITY DEFINER
AS $$ BEGIN UPDATE app.t SET x = a WHERE id = 1; END $$;
REVOKE ALL ON PROCEDURE app.p(int) FROM PUBLIC;
-- === sd nopath alter
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;




ALTER FUNCTION app.f() SECURITY DEFINER; -- FAULT secdef-no-search-path
-- === sd nopath reset
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;




ALTER FUNCTION app.f() RESET search_path; -- FAULT secdef-no-search-path
-- === sd nopath replace drops
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;




CREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 2 $$; -- FAULT secdef-no-search-path
-- === sd nopath other set
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET work_mem = '4MB' AS $$ SELECT 1 $$; -- FAULT secdef-no-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd nopath trigger
CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN -- FAULT secdef-no-search-path
  RETURN NEW; END $$;
-- === sd nopath set inside body
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN -- FAULT secdef-no-search-path
  PERFORM set_config('search_path', 'pg_catalog', true);
END $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd path clean later alter
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
ALTER FUNCTION app.f() SET search_path = pg_catalog, pg_temp;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd unsafe public
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app, public AS $$ SELECT 1 $$; -- FAULT secdef-unsafe-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd unsafe temp first
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_temp, app AS $$ SELECT 1 $$; -- FAULT secdef-unsafe-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd unsafe no temp
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = app AS $$ BEGIN RETURN (SELECT x FROM t); END $$; -- FAULT secdef-unsafe-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd unsafe user
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = "$user", app, pg_temp AS $$ SELECT 1 $$; -- FAULT secdef-unsafe-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd unsafe current
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$ SELECT 1 $$; -- FAULT secdef-unsafe-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd unsafe alter
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;




ALTER FUNCTION app.f() SET search_path = public; -- FAULT secdef-unsafe-search-path
-- === sd unsafe create granted
CREATE SCHEMA app;
GRANT CREATE, USAGE ON SCHEMA app TO app_user;
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS $$ SELECT 1 $$; -- FAULT secdef-unsafe-search-path
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
-- === sd safe clean
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
CREATE FUNCTION app.g() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.g() FROM PUBLIC;
CREATE FUNCTION app.h() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path TO pg_catalog AS $$ SELECT count(*)::int FROM app.t $$;
REVOKE ALL ON FUNCTION app.h() FROM PUBLIC;
CREATE FUNCTION app.i() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path TO pg_catalog, app, pg_temp AS $$ SELECT count(*)::int FROM app.t $$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
-- === sd public exec
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$; -- FAULT secdef-public-execute
-- === sd public exec grant
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;





GRANT EXECUTE ON FUNCTION app.f() TO PUBLIC; -- FAULT secdef-public-execute
-- === sd public exec revoked wrong role
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$; -- FAULT secdef-public-execute
REVOKE ALL ON FUNCTION app.f() FROM app_user;
GRANT EXECUTE ON FUNCTION app.f() TO app_user;
-- === sd public exec overload
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f(int) FROM PUBLIC;




CREATE FUNCTION app.f(a text) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$; -- FAULT secdef-public-execute
-- === sd public dropped recreated
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;
REVOKE ALL ON FUNCTION app.f(int) FROM PUBLIC;
DROP FUNCTION app.f(int);
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 2 $$; -- FAULT secdef-public-execute
-- === sd public revoke before
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 2 $$; -- FAULT secdef-public-execute
-- === sd default priv in schema useless
ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 2 $$; -- FAULT secdef-public-execute
-- === sd public clean
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 2 $$;
-- === sd public clean2
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 2 $$;
REVOKE ALL ON ROUTINE app.f FROM PUBLIC;
CREATE PROCEDURE app.p(a int) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 2 $$;
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA app FROM PUBLIC;
-- === inj concat
CREATE FUNCTION app.f(t text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'DELETE FROM app.' || t || ' WHERE id = 1'; -- FAULT sql-injection
END $$;
-- === inj format s
CREATE FUNCTION app.f(p_t text) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format('SELECT * FROM %s', p_t); -- FAULT sql-injection
END $$;
-- === inj var
CREATE FUNCTION app.f(p_t text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE q text;
BEGIN
  q := 'SELECT 1 FROM x WHERE name = ''' || p_t || '''';
  EXECUTE q; -- FAULT sql-injection
END $$;
-- === inj concat fn
CREATE FUNCTION app.f(p_t varchar) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE concat('SELECT 1 FROM ', p_t); -- FAULT sql-injection
END $$;
-- === inj for in execute
CREATE FUNCTION app.f(o text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN EXECUTE 'SELECT * FROM app.t ORDER BY ' || o LOOP -- FAULT sql-injection
    RAISE NOTICE '%', r;
  END LOOP;
END $$;
-- === inj open cursor
CREATE FUNCTION app.f(o text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE c refcursor;
BEGIN
  OPEN c FOR EXECUTE 'SELECT * FROM app.t ORDER BY ' || o; -- FAULT sql-injection
END $$;
-- === inj append
CREATE FUNCTION app.f(p_f jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE q text := 'SELECT 1 FROM x WHERE true';
BEGIN
  IF p_f ? 'name' THEN
    q := q || ' AND name = ''' || (p_f->>'name') || '''';
  END IF;
  EXECUTE q; -- FAULT sql-injection
END $$;
-- === inj quote wrong
CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT 1 FROM x WHERE name = ''%s''', p); -- FAULT sql-injection
END $$;
-- === inj array
CREATE FUNCTION app.f(VARIADIC p text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SELECT ' || array_to_string(p, ',') || ' FROM t'; -- FAULT sql-injection
END $$;
-- === inj replace quoting
CREATE FUNCTION app.f(p text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SELECT 1 FROM t WHERE a = ''' || replace(p, '"', '') || ''''; -- FAULT sql-injection
END $$;
-- === inj new
CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'INSERT INTO log VALUES (''' || NEW.name || ''')'; -- FAULT sql-injection
  RETURN NEW;
END $$;
-- === inj setting
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'SET ROLE ' || current_setting('app.role'); -- FAULT sql-injection
END $$;
-- === inj positional
CREATE FUNCTION app.f(text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'DROP TABLE ' || $1; -- FAULT sql-injection
END $$;
-- === inj alias
CREATE FUNCTION app.f(text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE t ALIAS FOR $1;
BEGIN
  EXECUTE 'DROP TABLE ' || t; -- FAULT sql-injection
END $$;
-- === inj clean
CREATE FUNCTION app.f(t text, v text, n int, r regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE q text; d text;
BEGIN
  EXECUTE format('DELETE FROM %I WHERE x = %L', t, v);
  EXECUTE 'DELETE FROM ' || quote_ident(t) || ' WHERE x = $1' USING v;
  EXECUTE format('SELECT 1 FROM %s LIMIT %s', r, n);
  d := CASE WHEN v = 'desc' THEN 'DESC' ELSE 'ASC' END;
  EXECUTE format('SELECT 1 FROM %I ORDER BY 1 %s', t, d);
  IF t NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF;
  EXECUTE 'SELECT 1 FROM ' || t;
  q := format('%I', t);
  EXECUTE 'SELECT 1 FROM ' || q;
  EXECUTE format('SELECT set_config(%L, %L, true)', 'a.b', v);
END $$;
-- === inj do clean
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT format('%I.%I', schemaname, tablename) AS t FROM pg_tables LOOP
    EXECUTE 'ANALYZE ' || r.t;
  END LOOP;
END $$;
-- === rls missing
CREATE TABLE app.t (id bigint PRIMARY KEY, tenant_id uuid NOT NULL); -- FAULT rls-missing
GRANT SELECT, INSERT ON app.t TO app_user;
-- === rls missing all tables
CREATE SCHEMA app;
CREATE TABLE app.t (id bigint PRIMARY KEY, tenant_id uuid NOT NULL); -- FAULT rls-missing
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_user;
-- === rls missing default priv
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO app_user;
CREATE TABLE app.t (id bigint PRIMARY KEY, tenant_id uuid NOT NULL); -- FAULT rls-missing
-- === rls missing sqlx
-- --- migrations/1_a.sql
CREATE TABLE t (id bigint PRIMARY KEY, org_id uuid NOT NULL); -- FAULT rls-missing
-- --- migrations/2_a.sql
GRANT SELECT, UPDATE ON t TO app_user;
-- === rls missing one of many
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT ON a TO app_user;
CREATE TABLE b (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id)); -- FAULT rls-missing
GRANT SELECT ON b TO app_user;
-- === rls missing disabled
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT ON a TO app_user;




ALTER TABLE a DISABLE ROW LEVEL SECURITY; -- FAULT policy-rls-disabled
-- === rls missing like
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT ON a TO app_user;

CREATE TABLE a_arch (LIKE a INCLUDING ALL); -- FAULT rls-missing
GRANT SELECT ON a_arch TO app_user;
-- === rls missing ctas
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT ON a TO app_user;

CREATE TABLE a_arch AS SELECT * FROM a; -- FAULT rls-missing
GRANT SELECT ON a_arch TO app_user;
-- === rls missing added col
CREATE TABLE t (id bigint PRIMARY KEY); -- FAULT rls-missing
ALTER TABLE t ADD COLUMN tenant_id uuid;
GRANT SELECT ON t TO app_user;
-- === rls missing clean ungranted
CREATE TABLE t (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
CREATE TABLE c (code text PRIMARY KEY);
GRANT SELECT ON c TO app_user;
-- === rls missing clean tenant itself
CREATE TABLE tenants (id uuid PRIMARY KEY, name text NOT NULL);
GRANT SELECT ON tenants TO platform_admin;
-- === grant no policy
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT ON a TO app_user; -- FAULT rls-grant-without-policy
-- === grant no policy all
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY q ON a FOR INSERT WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT ALL ON a TO app_user; -- FAULT rls-grant-without-policy
-- === grant no policy cols
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY;
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, UPDATE (n) ON a TO app_user; -- FAULT rls-grant-without-policy
-- === rls no policy
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; -- FAULT rls-no-policy
GRANT SELECT ON a TO app_user;
-- === rls no policy dropped
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; -- FAULT rls-no-policy
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
DROP POLICY p ON a;
-- === policy without rls
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-rls-disabled
-- === policy force only
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
ALTER TABLE a FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-rls-disabled
-- === not forced
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY; -- FAULT rls-not-forced
CREATE POLICY p ON a FOR SELECT USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
-- === not forced do
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
CREATE TABLE b (tenant_id uuid NOT NULL, id bigint, n int, PRIMARY KEY (tenant_id, id));
DO $$ DECLARE t text; BEGIN
  FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t); -- FAULT rls-not-forced
    EXECUTE format('CREATE POLICY p ON %I USING (tenant_id = (SELECT nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', t);
  END LOOP;
END $$;
-- === permissive or
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, is_public boolean NOT NULL DEFAULT false, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY pub ON a FOR SELECT USING (is_public); -- FAULT permissive-policies-or
-- === permissive or soft delete
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, deleted_at timestamptz, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY alive ON a FOR SELECT USING (deleted_at IS NULL); -- FAULT permissive-policies-or
-- === permissive or owner
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, owner_id uuid NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY own ON a USING (owner_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid)); -- FAULT permissive-policies-or
-- === permissive or update
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, status text NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON a TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY draft ON a FOR UPDATE TO app_user USING (status = 'draft'); -- FAULT permissive-policies-or
-- === permissive clean restrictive
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, status text NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON a TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY draft ON a AS RESTRICTIVE FOR UPDATE TO app_user USING (status = 'draft');
-- === permissive clean by command
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, status text NOT NULL, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY s ON a FOR SELECT TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY i ON a FOR INSERT TO app_user WITH CHECK (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY adm ON a FOR SELECT TO admin_role USING (status = 'x');
-- === per row
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid); -- FAULT rls-per-row-setting
-- === per row fn
CREATE FUNCTION app.tid() RETURNS uuid LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN nullif(current_setting('app.t', true), '')::uuid; END $$;
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR INSERT WITH CHECK (tenant_id = app.tid()); -- FAULT rls-per-row-setting
-- === per row alter
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
ALTER POLICY p ON a USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid); -- FAULT rls-per-row-setting
-- === per row exec
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
DO $$ BEGIN
 EXECUTE $q$CREATE POLICY p ON a USING (tenant_id = nullif(current_setting('app.tenant_id', true), '')::uuid)$q$; -- FAULT rls-per-row-setting
END $$;
-- === per row exists
CREATE TABLE m (user_id uuid NOT NULL, doc bigint NOT NULL, PRIMARY KEY (user_id, doc));
CREATE TABLE a (id bigint PRIMARY KEY);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM m WHERE m.doc = a.id AND m.user_id = nullif(current_setting('app.user_id', true), '')::uuid)); -- FAULT rls-per-row-setting
-- === per row auth uid
CREATE TABLE a (user_id uuid NOT NULL, id bigint PRIMARY KEY);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (user_id = auth.uid()); -- FAULT rls-per-row-setting
-- === empty string
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT current_setting('app.tenant_id', true)::uuid)); -- FAULT rls-setting-empty-string
-- === empty string fn
CREATE FUNCTION app.tid() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT current_setting('app.tenant_id', true)::uuid -- FAULT rls-setting-empty-string
$$;
-- === empty string plpgsql
CREATE FUNCTION app.tid() RETURNS uuid LANGUAGE plpgsql STABLE AS $$ BEGIN
  RETURN current_setting('app.tenant_id', true)::uuid; -- FAULT rls-setting-empty-string
END $$;
-- === empty string default
CREATE TABLE a (tenant_id uuid NOT NULL DEFAULT current_setting('app.tenant_id')::uuid, id bigint, PRIMARY KEY (tenant_id, id)); -- FAULT rls-setting-empty-string
-- === empty string cast
CREATE TABLE a (tenant_id bigint NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT CAST(current_setting('app.tenant_id', true) AS bigint))); -- FAULT rls-setting-empty-string
-- === empty string coalesce
CREATE TABLE a (tenant_id bigint NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT coalesce(current_setting('app.tenant_id', true), '0')::bigint)); -- FAULT rls-setting-empty-string
-- === empty string declare
CREATE FUNCTION app.tid() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE
  v uuid := current_setting('app.tenant_id', true); -- FAULT rls-setting-empty-string
BEGIN
  RETURN v;
END $$;
-- === empty clean
CREATE FUNCTION app.tid() RETURNS uuid LANGUAGE plpgsql STABLE AS $$
DECLARE v text := current_setting('app.tenant_id', true);
BEGIN
  IF v IS NULL OR v = '' THEN RETURN NULL; END IF;
  RETURN v::uuid;
END $$;
CREATE FUNCTION app.t2() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('app.x', true) $$;
CREATE FUNCTION app.t3() RETURNS int LANGUAGE sql STABLE AS $$ SELECT current_setting('max_connections')::int $$;
-- === fail open
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING ((SELECT current_setting('app.tenant_id', true)) IS NULL OR tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-fail-open
-- === fail open coalesce
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = coalesce((SELECT nullif(current_setting('app.tenant_id', true), '')::uuid), tenant_id)); -- FAULT policy-fail-open
-- === fail open coalesce true
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (coalesce(tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid), true)); -- FAULT policy-fail-open
-- === fail open is not false
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING ((tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)) IS NOT FALSE); -- FAULT policy-fail-open
-- === fail open not distinct
CREATE TABLE a (tenant_id uuid, id bigint PRIMARY KEY);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id IS NOT DISTINCT FROM (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-fail-open
-- === fail open case
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (CASE WHEN (SELECT nullif(current_setting('app.tenant_id', true), '')) IS NULL THEN true ELSE tenant_id::text = (SELECT current_setting('app.tenant_id', true)) END); -- FAULT policy-fail-open
-- === fail open case else
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (CASE WHEN (SELECT current_setting('app.tenant_id', true)) <> '' THEN tenant_id::text = (SELECT current_setting('app.tenant_id', true)) ELSE true END); -- FAULT policy-fail-open
-- === fail open empty
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (coalesce((SELECT current_setting('app.tenant_id', true)), '') = '' OR tenant_id::text = (SELECT current_setting('app.tenant_id', true))); -- FAULT policy-fail-open
-- === fail open nullif is null accessor
CREATE FUNCTION app.tid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.tenant_id', true), '')::uuid $$;
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT app.tid()) OR (SELECT app.tid()) IS NULL); -- FAULT policy-fail-open
-- === fail open not equals
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (NOT ((SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) IS DISTINCT FROM tenant_id) OR (SELECT current_setting('app.bypass', true)) IS DISTINCT FROM 'off'); -- FAULT policy-fail-open
-- === fail open superadmin clean
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) AND coalesce((SELECT current_setting('app.mode', true)), '') <> 'off');
-- === always true
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR ALL TO app_user USING (true) WITH CHECK (true); -- FAULT policy-always-true
-- === always true 1=1
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT TO app_user USING (1 = 1); -- FAULT policy-always-true
-- === always true tautology
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT TO app_user USING (tenant_id = tenant_id); -- FAULT policy-always-true
-- === always true or
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid) OR true); -- FAULT policy-always-true
-- === always true not null
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT TO app_user USING (tenant_id IS NOT NULL); -- FAULT policy-always-true
-- === always true select true
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR DELETE TO app_user USING ((SELECT true)); -- FAULT policy-always-true
-- === always true insert check
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR INSERT TO app_user WITH CHECK (true); -- FAULT policy-always-true
-- === always true unqualified exists
CREATE TABLE m (user_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (user_id, id));
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a FOR SELECT TO app_user USING (EXISTS (SELECT 1 FROM m WHERE m.id = id)); -- FAULT policy-always-true
-- === open write
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (true); -- FAULT policy-open-write
-- === open write insert policy
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY s ON a FOR SELECT TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE POLICY i ON a FOR INSERT TO app_user WITH CHECK (true); -- FAULT policy-open-write
-- === open write update
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY u ON a FOR UPDATE TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)) WITH CHECK (tenant_id IS NOT NULL); -- FAULT policy-open-write
-- === restrictive only
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY s ON a AS RESTRICTIVE TO app_user USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-restrictive-only
GRANT SELECT ON a TO app_user;
-- === self recursion
CREATE TABLE m (tenant_id uuid NOT NULL, user_id uuid NOT NULL, PRIMARY KEY (tenant_id, user_id));
ALTER TABLE m ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON m USING (tenant_id IN (SELECT x.tenant_id FROM m AS x WHERE x.user_id = (SELECT nullif(current_setting('app.user_id', true), '')::uuid))); -- FAULT policy-self-recursion
-- === mutual recursion
CREATE TABLE a (id bigint PRIMARY KEY, b bigint NOT NULL);
CREATE TABLE b (id bigint PRIMARY KEY, a bigint NOT NULL);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE b ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM b WHERE b.a = a.id)); -- FAULT policy-self-recursion
CREATE POLICY q ON b USING (EXISTS (SELECT 1 FROM a WHERE a.b = b.id));
-- === recursion function invoker
CREATE TABLE m (tenant_id uuid NOT NULL, user_id uuid NOT NULL, PRIMARY KEY (tenant_id, user_id));
CREATE FUNCTION my_tenants() RETURNS SETOF uuid LANGUAGE sql STABLE AS $$ SELECT tenant_id FROM m WHERE user_id = nullif(current_setting('app.user_id', true), '')::uuid $$;
ALTER TABLE m ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON m USING (tenant_id IN (SELECT my_tenants())); -- FAULT policy-self-recursion
-- === recursion view
CREATE TABLE m (tenant_id uuid NOT NULL, user_id uuid NOT NULL, PRIMARY KEY (tenant_id, user_id));
CREATE VIEW mv WITH (security_invoker = true) AS SELECT tenant_id FROM m;
ALTER TABLE m ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON m USING (tenant_id IN (SELECT v.tenant_id FROM mv v)); -- FAULT policy-self-recursion
-- === unknown column
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (org_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-unknown-column
-- === unknown column in subselect
CREATE TABLE m (user_id uuid NOT NULL, doc bigint NOT NULL, PRIMARY KEY (user_id, doc));
CREATE TABLE a (id bigint PRIMARY KEY);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM m WHERE m.doc = a.doc_id)); -- FAULT policy-unknown-column
-- === unknown column in other table
CREATE TABLE m (user_id uuid NOT NULL, doc bigint NOT NULL, PRIMARY KEY (user_id, doc));
CREATE TABLE a (id bigint PRIMARY KEY);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (EXISTS (SELECT 1 FROM m WHERE m.document_id = a.id)); -- FAULT policy-unknown-column
-- === unknown column renamed earlier
-- --- migrations/1_a.sql
CREATE TABLE a (org uuid NOT NULL, id bigint, PRIMARY KEY (org, id));
ALTER TABLE a RENAME COLUMN org TO tenant_id;
-- --- migrations/2_a.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (org = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)); -- FAULT policy-unknown-column
-- === view bypass
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v AS SELECT id FROM a; -- FAULT view-bypasses-rls
-- === view nested clean
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v WITH (security_invoker = true) AS SELECT id FROM a;


CREATE VIEW w AS SELECT id FROM v;
-- === view bypass barrier
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v WITH (security_barrier) AS SELECT id FROM a; -- FAULT view-bypasses-rls
-- === view bypass alter off
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v WITH (security_invoker) AS SELECT id FROM a;



ALTER VIEW v RESET (security_invoker); -- FAULT view-bypasses-rls
-- === view replaced without option
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v WITH (security_invoker = on) AS SELECT id FROM a;



CREATE OR REPLACE VIEW v AS SELECT id, tenant_id FROM a; -- FAULT view-bypasses-rls
-- === view partition bypass
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id)) PARTITION BY HASH (tenant_id);
CREATE TABLE a0 PARTITION OF a FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT ON a0 TO app_user; -- FAULT partition-bypasses-rls
-- === partition all tables
CREATE SCHEMA app;
CREATE TABLE app.a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id)) PARTITION BY HASH (tenant_id);
CREATE TABLE app.a0 PARTITION OF app.a FOR VALUES WITH (MODULUS 1, REMAINDER 0);
ALTER TABLE app.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON app.a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO app_user; -- FAULT partition-bypasses-rls
-- === partition default priv
CREATE SCHEMA app;
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO app_user;
CREATE TABLE app.a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id)) PARTITION BY HASH (tenant_id);
ALTER TABLE app.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON app.a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));

CREATE TABLE app.a0 PARTITION OF app.a FOR VALUES WITH (MODULUS 1, REMAINDER 0); -- FAULT partition-bypasses-rls
-- === view alter invoker clean
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v AS SELECT id FROM a;
ALTER VIEW v SET (security_invoker = true);
CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS n FROM a;
REVOKE ALL ON mv FROM PUBLIC;
-- === matview bypass
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE MATERIALIZED VIEW mv AS SELECT tenant_id, count(*) AS n FROM a GROUP BY 1;
GRANT SELECT ON mv TO app_user; -- FAULT matview-bypasses-rls
-- === matview bypass all tables
CREATE SCHEMA app;
CREATE TABLE app.a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE app.a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON app.a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE MATERIALIZED VIEW app.mv AS SELECT tenant_id, count(*) AS n FROM app.a GROUP BY 1;
GRANT SELECT ON ALL TABLES IN SCHEMA app TO app_user; -- FAULT matview-bypasses-rls
-- === matview view granted
CREATE TABLE a (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (tenant_id = (SELECT nullif(current_setting('app.tenant_id', true), '')::uuid));
CREATE VIEW v WITH (security_invoker = true) AS SELECT tenant_id FROM a;
CREATE MATERIALIZED VIEW mv AS SELECT tenant_id, count(*) AS n FROM v GROUP BY 1; -- FAULT matview-bypasses-rls
GRANT SELECT ON mv TO app_user;
-- === grant public
GRANT SELECT ON app.t TO PUBLIC; -- FAULT grant-public
-- === grant public all
GRANT ALL ON ALL TABLES IN SCHEMA app TO PUBLIC; -- FAULT grant-public
-- === grant public default
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC; -- FAULT grant-public
-- === grant public create
GRANT CREATE ON SCHEMA public TO PUBLIC; -- FAULT grant-public
-- === grant public exec
DO $$ BEGIN EXECUTE 'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO public'; -- FAULT grant-public
END $$;
-- === grant public among
GRANT USAGE ON SCHEMA app TO app_user, PUBLIC; -- FAULT grant-public
-- === grant public role
GRANT app_reader TO PUBLIC; -- FAULT grant-public
-- === password
CREATE ROLE a LOGIN PASSWORD 'secret'; -- FAULT password-in-migration
-- === password alter
ALTER USER a WITH ENCRYPTED PASSWORD 'hunter2'; -- FAULT password-in-migration
-- === password md5 clean-ish
ALTER ROLE a PASSWORD 'SCRAM-SHA-256$4096:abc$def:ghi';
-- === password do
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'a') THEN
    CREATE ROLE a LOGIN PASSWORD 'changeme'; -- FAULT password-in-migration
  END IF;
END $$;
-- === password exec
DO $$ BEGIN
  EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', 'a', 'changeme'); -- FAULT password-in-migration
END $$;
-- === password fdw
CREATE USER MAPPING FOR app SERVER s OPTIONS (user 'x', password 'y'); -- FAULT password-in-migration
-- === password subscription
CREATE SUBSCRIPTION s CONNECTION 'host=h user=u password=x dbname=d' PUBLICATION p; -- FAULT password-in-migration
-- === password dblink
SELECT dblink_connect('c', 'host=h user=u password=x dbname=d'); -- FAULT password-in-migration
-- === password uri
CREATE SUBSCRIPTION s CONNECTION 'postgresql://u:secret@h/d' PUBLICATION p; -- FAULT password-in-migration
-- === password null clean
ALTER ROLE a PASSWORD NULL;
CREATE ROLE b LOGIN;
-- === bypassrls
CREATE ROLE a NOLOGIN BYPASSRLS; -- FAULT bypassrls-role
-- === bypassrls alter do
DO $$ BEGIN ALTER ROLE a BYPASSRLS; -- FAULT bypassrls-role
END $$;
-- === nobypass clean
CREATE ROLE a NOLOGIN NOBYPASSRLS NOSUPERUSER;
-- === superuser
ALTER ROLE a WITH SUPERUSER; -- FAULT superuser-role
-- === superuser exec
DO $$ BEGIN EXECUTE 'CREATE USER a SUPERUSER LOGIN'; -- FAULT superuser-role
END $$;
-- === file access
GRANT pg_execute_server_program TO app; -- FAULT server-file-access
-- === file access read
GRANT pg_read_server_files, pg_monitor TO app; -- FAULT server-file-access
-- === file access fn
CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS $$ SELECT pg_read_file('/etc/passwd') $$; -- FAULT server-file-access
-- === file access copy
COPY app.t FROM '/tmp/x.csv' CSV; -- FAULT server-file-access
-- === file access copy program
COPY app.t TO PROGRAM 'gzip > /tmp/x'; -- FAULT server-file-access
-- === file access fn grant
GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app; -- FAULT server-file-access
-- === file access lo
SELECT lo_import('/etc/passwd'); -- FAULT server-file-access
-- === file access do copy
DO $$ BEGIN EXECUTE format('COPY t FROM %L', '/tmp/x'); -- FAULT server-file-access
END $$;
-- === file untrusted language
CREATE FUNCTION app.sh(c text) RETURNS text LANGUAGE plpython3u AS $$ import os; os.system(c) $$; -- FAULT server-file-access
-- === copy stdin clean
COPY app.t (a, b) FROM STDIN;
1	2
\.
-- === grant option
GRANT SELECT ON app.t TO a WITH GRANT OPTION; -- FAULT grant-with-grant-option
-- === grant admin option
GRANT app_owner TO a WITH ADMIN OPTION; -- FAULT grant-with-grant-option
-- === grant option default
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO a WITH GRANT OPTION; -- FAULT grant-with-grant-option
-- === revoke grant option clean
REVOKE GRANT OPTION FOR SELECT ON app.t FROM a;
-- === alter function security definer later
-- --- migrations/1_f.sql
CREATE FUNCTION api.f() RETURNS int LANGUAGE sql AS 'SELECT 1';
-- --- migrations/2_f.sql
ALTER FUNCTION api.f() SECURITY DEFINER SET search_path = pg_catalog, pg_temp; -- FAULT secdef-public-execute
-- === open for execute
CREATE FUNCTION api.rows_of(cond text) RETURNS refcursor LANGUAGE plpgsql AS $$
DECLARE c refcursor;
BEGIN
  OPEN c FOR EXECUTE format('SELECT * FROM api.t WHERE %s', cond); -- FAULT sql-injection
  RETURN c;
END $$;
-- === grant on partition
CREATE TABLE app.lg (tenant_id uuid NOT NULL, at timestamptz NOT NULL, PRIMARY KEY (tenant_id, at)) PARTITION BY RANGE (at);
ALTER TABLE app.lg ENABLE ROW LEVEL SECURITY;
ALTER TABLE app.lg FORCE ROW LEVEL SECURITY;
CREATE POLICY lg_r ON app.lg FOR SELECT TO app_user USING (tenant_id = (SELECT app.tenant()));
CREATE TABLE app.lg_d PARTITION OF app.lg DEFAULT;
GRANT SELECT ON app.lg, app.lg_d TO app_user; -- FAULT partition-bypasses-rls
-- === clean definer pinned
CREATE FUNCTION api.mine() RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path TO 'pg_catalog', 'pg_temp'
BEGIN ATOMIC
  SELECT id FROM api.item WHERE owner_name = session_user;
END;
REVOKE ALL ON FUNCTION api.mine() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.mine() TO api_user;
-- === rls-missing switched off
ALTER TABLE app.secret DISABLE ROW LEVEL SECURITY; -- FAULT rls-missing
-- === rls switched off for a backfill and on again, clean
BEGIN;
SET LOCAL lock_timeout = '2s';
ALTER TABLE app.secret DISABLE ROW LEVEL SECURITY;
ALTER TABLE app.secret ENABLE ROW LEVEL SECURITY;
COMMIT;
-- === policy-always-true own column by its full name
CREATE POLICY p ON app.lead FOR SELECT TO app_user USING (lead.tenant_id = tenant_id); -- FAULT policy-always-true
-- === view over rls via join in second file
-- --- migrations/1.sql
CREATE TABLE s.acc (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE s.acc ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON s.acc FOR SELECT TO app USING (tenant_id = (SELECT s.tenant()));
-- --- migrations/2.sql
CREATE OR REPLACE VIEW s.acc_named AS SELECT a.id FROM s.other AS o JOIN s.acc AS a USING (id); -- FAULT view-bypasses-rls
GRANT SELECT ON s.acc_named TO app;
-- === alter view turns invoker off
-- --- migrations/1.sql
CREATE TABLE s.ac2 (tenant_id uuid NOT NULL, id bigint, PRIMARY KEY (tenant_id, id));
ALTER TABLE s.ac2 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON s.ac2 FOR SELECT TO app USING (tenant_id = (SELECT s.tenant()));
CREATE VIEW s.v2 WITH (security_invoker = true) AS SELECT id FROM s.ac2;
GRANT SELECT ON s.v2 TO app;
-- --- migrations/2.sql
ALTER VIEW s.v2 RESET (security_invoker); -- FAULT view-bypasses-rls
-- === permissive policies of accounts
CREATE TABLE memo (account_id bigint NOT NULL, id bigint NOT NULL, author bigint, PRIMARY KEY (account_id, id));
ALTER TABLE memo ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY memo_tenant ON memo USING (account_id = (SELECT nullif(current_setting('app.account', true), '')::bigint));
CREATE POLICY memo_author ON memo FOR UPDATE -- FAULT permissive-policies-or
    USING (author = (SELECT nullif(current_setting('app.user', true), '')::bigint));
-- === policy open while a fallback in a sub-select is empty
CREATE TABLE f (org_id uuid NOT NULL, id bigint NOT NULL, PRIMARY KEY (org_id, id));
ALTER TABLE f ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY f_all ON f USING ( -- FAULT policy-fail-open
    (SELECT coalesce(current_setting('app.org', true), '')) = ''
    OR org_id = (SELECT nullif(current_setting('app.org', true), '')::uuid));
