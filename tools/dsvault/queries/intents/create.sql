CREATE TABLE dsvault_runner.intents (
    registry        text        NOT NULL,
    project         text        NOT NULL,
    change_id       text        NOT NULL,
    change          text        NOT NULL,
    action          text        NOT NULL CONSTRAINT intents_action_check
                                CHECK (action IN ('deploy', 'revert', 'undo')),
    script          text        NOT NULL,
    steps           integer     NOT NULL,
    done            integer     NOT NULL DEFAULT 0,
    begun           integer     NOT NULL,
    done_digest     text        NOT NULL,
    started_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    committer_name  text        NOT NULL,
    committer_email text        NOT NULL,
    CONSTRAINT intents_pkey PRIMARY KEY (registry, change_id)
)
