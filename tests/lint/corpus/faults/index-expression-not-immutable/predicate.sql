CREATE TABLE tokens (id bigint PRIMARY KEY, expires_at timestamptz NOT NULL);
CREATE INDEX tokens_live_idx ON tokens (expires_at) WHERE expires_at > now(); -- FAULT index-expression-not-immutable
