CREATE TABLE currencies (code text PRIMARY KEY, name text NOT NULL);
GRANT SELECT ON currencies TO app_user;
