CREATE TABLE audit (id bigint PRIMARY KEY, tenant_id uuid NOT NULL);
CREATE TABLE notes (id bigint PRIMARY KEY, body text NOT NULL);
CREATE FUNCTION record_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit (id, tenant_id) VALUES (NEW.id, NEW.tenant_id); -- FAULT trigger-unknown-column
    RETURN NULL;
END;
$$;
CREATE TRIGGER notes_audit AFTER INSERT ON notes FOR EACH ROW EXECUTE FUNCTION record_it();
