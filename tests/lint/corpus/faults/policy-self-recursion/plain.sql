CREATE TABLE members (tenant_id uuid NOT NULL, user_id uuid NOT NULL, PRIMARY KEY (tenant_id, user_id));
ALTER TABLE members ENABLE ROW LEVEL SECURITY;
ALTER TABLE members FORCE ROW LEVEL SECURITY;
CREATE POLICY members_select ON members FOR SELECT TO app_user -- FAULT policy-self-recursion
    USING (tenant_id IN (SELECT m.tenant_id FROM members AS m
        WHERE m.user_id = (SELECT nullif(current_setting('app.user', true), '')::uuid)));
