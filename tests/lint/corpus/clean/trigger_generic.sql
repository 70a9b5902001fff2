CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE TABLE audit (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, what jsonb NOT NULL);
CREATE FUNCTION audit_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (what) VALUES (jsonb_build_object('t', TG_TABLE_NAME, 'tenant', to_jsonb(NEW) ->> 'tenant_id'));
    RETURN NULL;
END;
$$;
CREATE TRIGGER notes_audit AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION audit_it();
