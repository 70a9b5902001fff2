-- === swallow null
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE app.t SET x = 1 WHERE id = 1;
EXCEPTION WHEN OTHERS THEN -- FAULT exception-swallow
  NULL;
END $$;
-- === swallow notice
CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.log VALUES (NEW.id);
  RETURN NEW;
EXCEPTION
  WHEN unique_violation THEN RETURN NULL;
  WHEN others THEN -- FAULT exception-swallow
    RAISE NOTICE 'failed: %', SQLERRM;
    RETURN NEW;
END $$;
-- === swallow do
DO $$ BEGIN
  BEGIN
    ALTER TABLE a ADD COLUMN b int;
  EXCEPTION WHEN OTHERS THEN -- FAULT exception-swallow
    RAISE WARNING 'x';
  END;
END $$;
-- === swallow sqlstate
CREATE FUNCTION app.f() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM app.g();
  RETURN true;
EXCEPTION WHEN OTHERS THEN -- FAULT exception-swallow
  RETURN false;
END $$;
-- === swallow log table
CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.audit VALUES (NEW.id);
  RETURN NEW;
EXCEPTION WHEN OTHERS THEN -- FAULT exception-swallow
  INSERT INTO app.errors (msg) VALUES (SQLERRM);
  RETURN NEW;
END $$;
-- === swallow conditional reraise
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM app.g();
EXCEPTION WHEN OTHERS THEN -- FAULT exception-swallow
  GET STACKED DIAGNOSTICS x = MESSAGE_TEXT;
  RAISE LOG '%', x;
END $$;
-- === swallow clean
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM app.g();
EXCEPTION WHEN OTHERS THEN
  RAISE WARNING 'x %', SQLERRM;
  RAISE;
END $$;
CREATE FUNCTION app.g() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.t VALUES (1);
EXCEPTION WHEN unique_violation THEN NULL;
END $$;
CREATE FUNCTION app.h() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.t VALUES (1);
EXCEPTION WHEN OTHERS THEN
  RAISE EXCEPTION 'wrapped: %', SQLERRM USING ERRCODE = SQLSTATE;
END $$;
-- === ret new delete
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RETURN NEW; -- FAULT trigger-return-new-on-delete
END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === ret new delete only
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, locked boolean NOT NULL);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.locked THEN RAISE EXCEPTION 'locked'; END IF;
  RETURN NEW; -- FAULT trigger-return-new-on-delete
END $$;
-- --- migrations/2_a.sql
CREATE TRIGGER t BEFORE DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === ret new else branch
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.n := 1;
    RETURN NEW;
  END IF;
  RETURN NEW; -- FAULT trigger-return-new-on-delete
END $$;
CREATE TRIGGER t BEFORE INSERT OR DELETE ON a FOR EACH ROW EXECUTE PROCEDURE f();
-- === ret null delete
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.a_log VALUES (OLD.id);
  RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER t BEFORE UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === ret new case
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP
    WHEN 'INSERT', 'UPDATE' THEN NEW.n := 2;
    ELSE PERFORM 1;
  END CASE;
  RETURN NEW; -- FAULT trigger-return-new-on-delete
END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === ret new clean
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER u AFTER DELETE ON a FOR EACH ROW EXECUTE FUNCTION g();
-- === when old insert
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE ON a FOR EACH ROW WHEN (OLD.n IS DISTINCT FROM NEW.n) EXECUTE FUNCTION f(); -- FAULT trigger-when-old-on-insert
-- === when old insert star
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW WHEN (old.* IS DISTINCT FROM new.*) EXECUTE FUNCTION f(); -- FAULT trigger-when-old-on-insert
-- === when new delete
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$;
CREATE TRIGGER t BEFORE DELETE ON a FOR EACH ROW WHEN (NEW.n > 1) EXECUTE FUNCTION f(); -- FAULT trigger-when-old-on-insert
-- === missing return
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n > 1 THEN -- FAULT trigger-missing-return
    RETURN NEW;
  END IF;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === missing return after
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.log VALUES (NEW.id); -- FAULT trigger-missing-return
END $$;
CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === missing return op
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    RETURN NEW;
  ELSIF TG_OP = 'UPDATE' THEN -- FAULT trigger-missing-return
    RETURN NEW;
  END IF;
END $$;
CREATE TRIGGER t BEFORE INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === missing return exception
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.log VALUES (NEW.id);
  RETURN NEW;
EXCEPTION WHEN unique_violation THEN -- FAULT trigger-missing-return
  RAISE NOTICE 'x';
END $$;
CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === missing return loop
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE r record;
BEGIN
  FOR r IN SELECT 1 AS x LOOP -- FAULT trigger-missing-return
    RETURN NEW;
  END LOOP;
END $$;
CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === missing return clean
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.n > 1 THEN RETURN NEW; ELSE RAISE EXCEPTION 'no'; END IF;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'immutable'; END $$;
CREATE TRIGGER u BEFORE DELETE ON a FOR EACH ROW EXECUTE FUNCTION g();
CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP WHEN 'INSERT' THEN RETURN NEW; WHEN 'UPDATE' THEN RETURN NEW; WHEN 'DELETE' THEN RETURN OLD; END CASE;
END $$;
CREATE TRIGGER v BEFORE INSERT OR UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION h();
-- === unknown col
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now(); -- FAULT trigger-unknown-column
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === unknown col read
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.log (x, y) VALUES (OLD.id, NEW.status); -- FAULT trigger-unknown-column
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- === unknown col second table
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, modified timestamptz);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.modified = now(); -- FAULT trigger-unknown-column
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- --- migrations/2_a.sql
CREATE TRIGGER t BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION f();
-- === unknown col dropped later
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, modified timestamptz);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.modified = now(); -- FAULT trigger-unknown-column
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- --- migrations/2_a.sql
-- The data of modified are lost.
SET LOCAL lock_timeout = '2s';
ALTER TABLE a DROP COLUMN modified;
-- === unknown col renamed later
-- --- migrations/1_a.sql
CREATE TABLE a (id bigint PRIMARY KEY, modified timestamptz);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.modified IS NULL THEN -- FAULT trigger-unknown-column
    RAISE EXCEPTION 'x';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
-- --- migrations/2_a.sql
SET LOCAL lock_timeout = '2s';
ALTER TABLE a RENAME COLUMN modified TO modified_at;
-- === unknown col in when
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW WHEN (NEW.status <> OLD.status) EXECUTE FUNCTION f(); -- FAULT trigger-unknown-column
-- === unknown col update of
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t BEFORE UPDATE OF status ON a FOR EACH ROW EXECUTE FUNCTION f(); -- FAULT trigger-unknown-column
-- === unknown col clean
CREATE TABLE a (id bigint PRIMARY KEY, n int);
CREATE TABLE b (id bigint PRIMARY KEY, n int, status text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'b' THEN NEW.status := 'x'; END IF;
  PERFORM to_jsonb(NEW)->>'zz';
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION f();
CREATE TRIGGER t BEFORE UPDATE ON b FOR EACH ROW EXECUTE FUNCTION f();
-- === guard mismatch
CREATE TABLE a (id bigint PRIMARY KEY, status text, price int);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO public.log VALUES (OLD.price, NEW.price);
  RETURN NEW;
END $$;
CREATE TRIGGER t AFTER UPDATE ON a FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION f(); -- FAULT trigger-guard-mismatch
-- === guard mismatch update of
CREATE TABLE a (id bigint PRIMARY KEY, status text, email text);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.email <> OLD.email THEN
    INSERT INTO public.log VALUES (OLD.email, NEW.email);
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER t AFTER UPDATE OF status ON a FOR EACH ROW EXECUTE FUNCTION f(); -- FAULT trigger-guard-mismatch
-- === guard mismatch assign
CREATE TABLE a (id bigint PRIMARY KEY, title text, body text, search tsvector);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := to_tsvector('english', NEW.body);
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW WHEN (NEW.title IS DISTINCT FROM OLD.title) EXECUTE FUNCTION f(); -- FAULT trigger-guard-mismatch
-- === guard match clean
CREATE TABLE a (id bigint PRIMARY KEY, title text, body text, search tsvector, updated_at timestamptz);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.search := to_tsvector('english', NEW.title || NEW.body);
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW WHEN (NEW.title IS DISTINCT FROM OLD.title OR NEW.body IS DISTINCT FROM OLD.body) EXECUTE FUNCTION f();
CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER u BEFORE UPDATE ON a FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION g();
-- === plpgsql syntax
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF true THEN
    RAISE NOTICE 'x';
  END -- FAULT plpgsql-syntax-error
END $$;
-- === plpgsql syntax2
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  SELCT 1; -- FAULT plpgsql-syntax-error
  RETURN 1;
END $$;
-- === plpgsql syntax3
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  x int
  y int; -- FAULT plpgsql-syntax-error
BEGIN
  RETURN 1;
END $$;
-- === plpgsql syntax4
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  ELSE IF x THEN -- FAULT plpgsql-syntax-error
  RETURN 1;
END $$;
-- === plpgsql syntax5
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  FOR i IN 1..10
    RAISE NOTICE 'x'; -- FAULT plpgsql-syntax-error
  END LOOP;
  RETURN 1;
END $$;
-- === plpgsql syntax6
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(* FROM app.t); -- FAULT plpgsql-syntax-error
END $$;
-- === plpgsql syntax7 undeclared assign
CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  v_total := 3; -- FAULT plpgsql-syntax-error
  RETURN 1;
END $$;
-- === plpgsql syntax8 return in void
CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RETURN 1; -- FAULT plpgsql-syntax-error
END $$;
-- === plpgsql syntax9 do
DO $$
BEGIN
  RAISE 'x %'; -- FAULT plpgsql-syntax-error
END $$;
-- === plpgsql syntax10 missing end loop
CREATE PROCEDURE app.p() LANGUAGE plpgsql AS $$
BEGIN
  LOOP
    EXIT WHEN true;
  END; -- FAULT plpgsql-syntax-error
END $$;
-- === plpgsql syntax11 elseif
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN
  IF a = 1 THEN RETURN 1;
  ELSE IF a = 2 THEN RETURN 2;
  END IF;
  RETURN 3;
END $$; -- FAULT plpgsql-syntax-error
-- === ambiguous
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f(id bigint) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT status FROM app.t WHERE id = id); -- FAULT plpgsql-ambiguous-column
END $$;
-- === ambiguous var
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f(p bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE status text;
BEGIN
  SELECT status INTO status FROM app.t WHERE id = p; -- FAULT plpgsql-ambiguous-column
  RETURN status;
END $$;
-- === ambiguous table out
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f() RETURNS TABLE (id bigint, status text) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY SELECT id, status FROM app.t; -- FAULT plpgsql-ambiguous-column
END $$;
-- === ambiguous update
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f(p_id bigint, status text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE app.t SET status = status WHERE id = p_id; -- FAULT plpgsql-ambiguous-column
END $$;
-- === ambiguous on conflict
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f() RETURNS TABLE (id bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY INSERT INTO app.t AS x VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET status = 'b' RETURNING x.id; -- FAULT plpgsql-ambiguous-column
END $$;
-- === ambiguous delete
CREATE TABLE app.sessions (id bigint PRIMARY KEY, user_id bigint);
CREATE INDEX ON app.sessions (user_id);
CREATE PROCEDURE app.p(user_id bigint) LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM app.sessions WHERE sessions.user_id = user_id; -- FAULT plpgsql-ambiguous-column
END $$;
-- === ambiguous clean
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f(id bigint, OUT status text) LANGUAGE plpgsql AS $$
BEGIN
  SELECT t.status INTO f.status FROM app.t AS t WHERE t.id = f.id;
END $$;
CREATE FUNCTION app.g(id bigint) RETURNS text LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  RETURN (SELECT status FROM app.t WHERE id = g.id);
END $$;
CREATE FUNCTION app.h(id bigint) RETURNS text LANGUAGE sql AS $$ SELECT status FROM app.t WHERE t.id = h.id $$;
CREATE FUNCTION app.i(id bigint) RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO app.t (id, status) VALUES (i.id, 'x'); END $$;
-- === ambiguous sql function
CREATE TABLE app.t (id bigint PRIMARY KEY, status text);
CREATE FUNCTION app.f(id bigint) RETURNS text LANGUAGE sql AS $$
  SELECT status FROM app.t WHERE id = id -- FAULT plpgsql-ambiguous-column
$$;
-- === immutable
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT rate FROM app.rates WHERE id = a $$; -- FAULT mislabelled-immutable
-- === immutable setting
CREATE FUNCTION app.f() RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT nullif(current_setting('app.t', true), '')::uuid $$; -- FAULT mislabelled-immutable
-- === immutable now
CREATE FUNCTION app.f(a timestamptz) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ -- FAULT mislabelled-immutable
BEGIN
  RETURN a < now();
END $$;
-- === immutable atomic
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql IMMUTABLE -- FAULT mislabelled-immutable
BEGIN ATOMIC
  SELECT rate FROM app.rates WHERE id = a;
END;
-- === immutable return
CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE sql IMMUTABLE RETURN (SELECT max(id) FROM app.t); -- FAULT mislabelled-immutable
-- === immutable alter
CREATE FUNCTION app.f() RETURNS int LANGUAGE sql STABLE AS $$ SELECT max(id) FROM app.t $$;




ALTER FUNCTION app.f() IMMUTABLE; -- FAULT mislabelled-immutable
-- === immutable calls stable
CREATE FUNCTION app.s() RETURNS text LANGUAGE sql STABLE AS $$ SELECT current_setting('a.b', true) $$;
CREATE FUNCTION app.f() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT app.s() $$; -- FAULT mislabelled-immutable
-- === immutable write
CREATE FUNCTION app.f(x int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN INSERT INTO app.t VALUES (x); RETURN x; END $$; -- FAULT mislabelled-immutable
-- === immutable execute
CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ -- FAULT mislabelled-immutable
DECLARE n bigint;
BEGIN
  EXECUTE format('SELECT count(*) FROM app.%I', x) INTO n;
  RETURN n;
END $$;
-- === immutable to_char
CREATE FUNCTION app.f(x timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT to_char(x, 'YYYY-MM') $$; -- FAULT mislabelled-immutable
-- === immutable current_user
CREATE FUNCTION app.f() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT current_user::text $$; -- FAULT mislabelled-immutable
-- === immutable random
CREATE FUNCTION app.f() RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT md5(random()::text) $$; -- FAULT mislabelled-immutable
-- === immutable clean
CREATE FUNCTION app.f(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(trim(a)) $$;
CREATE FUNCTION app.g(a jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT array_agg(x ORDER BY x) FROM jsonb_array_elements_text(a) AS x $$;
CREATE FUNCTION app.h(a int[]) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE s int := 0; x int;
BEGIN FOREACH x IN ARRAY a LOOP s := s + x; END LOOP; RETURN s; END $$;
CREATE FUNCTION app.i(a text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ WITH p AS (SELECT regexp_split_to_table(a, ',') AS w) SELECT string_agg(w, '-') FROM p $$;
CREATE FUNCTION app.j(a timestamp) RETURNS date LANGUAGE sql IMMUTABLE AS $$ SELECT date_trunc('month', a)::date $$;
-- === not in nullable
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM b WHERE id NOT IN (SELECT b_id FROM a); -- FAULT not-in-nullable
-- === not in nullable delete
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY);
DELETE FROM b WHERE id NOT IN (SELECT a.b_id FROM a); -- FAULT not-in-nullable
-- === not in nullable fn
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
  RETURN (SELECT count(*) FROM public.b WHERE id NOT IN (SELECT x.b_id FROM public.a AS x)); -- FAULT not-in-nullable
END $$;
-- === not in nullable not(in)
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM b WHERE NOT (id IN (SELECT b_id FROM a)); -- FAULT not-in-nullable
-- === not in nullable all
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM b WHERE id <> ALL (SELECT b_id FROM a); -- FAULT not-in-nullable
-- === not in nullable policy
CREATE TABLE bl (id bigint PRIMARY KEY, doc bigint);
CREATE TABLE a (id bigint PRIMARY KEY);
ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON a USING (id NOT IN (SELECT doc FROM bl)); -- FAULT not-in-nullable
-- === not in nullable sqlfn
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE FUNCTION f() RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT count(*) FROM public.b WHERE id NOT IN (SELECT b_id FROM public.a) -- FAULT not-in-nullable
$$;
-- === not in clean
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint, c_id bigint NOT NULL);
CREATE TABLE b (id bigint PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM b WHERE id NOT IN (SELECT b_id FROM a WHERE b_id IS NOT NULL);
CREATE VIEW w AS SELECT id FROM b WHERE id NOT IN (SELECT c_id FROM a);
CREATE VIEW x AS SELECT id FROM b WHERE id NOT IN (SELECT coalesce(b_id, 0) FROM a);
CREATE VIEW y AS SELECT id FROM b WHERE id IN (SELECT b_id FROM a);
-- === missing return in case
CREATE FUNCTION app.tg2() RETURNS trigger LANGUAGE plpgsql AS $$ -- FAULT trigger-missing-return
BEGIN
  CASE TG_OP
    WHEN 'INSERT' THEN
      NEW.made := now();
      RETURN NEW;
    WHEN 'UPDATE' THEN
      NEW.changed := now();
    ELSE
      RETURN OLD;
  END CASE;
END $$;
-- === clean trigger with all paths
CREATE TABLE app.t (id bigint PRIMARY KEY, made timestamptz NOT NULL, changed timestamptz);
CREATE FUNCTION app.t_tg() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  CASE TG_OP
    WHEN 'INSERT' THEN NEW.made := now(); RETURN NEW;
    WHEN 'UPDATE' THEN NEW.changed := now(); RETURN NEW;
    ELSE RETURN OLD;
  END CASE;
END $$;
CREATE TRIGGER t_tg BEFORE INSERT OR UPDATE OR DELETE ON app.t FOR EACH ROW EXECUTE FUNCTION app.t_tg();
-- === clean retry handler
CREATE FUNCTION org.upsert(p_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_id bigint;
BEGIN
  LOOP
    SELECT u.id INTO v_id FROM org.unit AS u WHERE u.name = p_name;
    IF FOUND THEN RETURN v_id; END IF;
    BEGIN
      INSERT INTO org.unit (id, name) VALUES (nextval('org.unit_seq'), p_name) RETURNING org.unit.id INTO v_id;
      RETURN v_id;
    EXCEPTION WHEN unique_violation THEN
      NULL;
    END;
  END LOOP;
END $$;
-- === clean statement trigger
CREATE FUNCTION t.count_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO t.counts (tab, n) SELECT TG_ARGV[0], count(*) FROM new_rows;
  RETURN NULL;
END $$;
CREATE TRIGGER doc_count AFTER INSERT ON t.doc REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION t.count_rows('doc');
-- === ambiguous variable in update
CREATE TABLE m.acc (id bigint PRIMARY KEY, balance numeric NOT NULL);
CREATE FUNCTION m.pay(p_id bigint, p_amount numeric) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE balance numeric;
BEGIN
  UPDATE m.acc SET balance = balance - p_amount WHERE id = p_id RETURNING acc.balance INTO balance; -- FAULT plpgsql-ambiguous-column
  RETURN balance;
END $$;
-- === clean do with early return then use
DO $$
BEGIN
  IF EXISTS (SELECT FROM inv.done) THEN
    RETURN;
  END IF;
  PERFORM inv.fill();
END $$;
CREATE OR REPLACE FUNCTION inv.fill() RETURNS void LANGUAGE sql AS 'SELECT 1';
-- === clean trigger only for insert and update without delete path
CREATE FUNCTION inv.tg3() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.made := now();
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    NEW.changed := now();
    RETURN NEW;
  END IF;
END $$;
-- === trigger missing return in exception handler
CREATE FUNCTION s.ins() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO s.copy VALUES (NEW.id);
  RETURN NEW;
EXCEPTION WHEN unique_violation THEN
  RAISE NOTICE 'already there'; -- FAULT trigger-missing-return
END $$;
CREATE TRIGGER t BEFORE INSERT ON s.tk FOR EACH ROW EXECUTE FUNCTION s.ins();
