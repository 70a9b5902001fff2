-- Records that a change is deployed.
-- The order of committed_at is the state of the database. So each time is taken from the clock, and
-- yet is later than all before it: the clock may stand still for a microsecond, or be put back.
-- $1 change_id, $2 name, $3 project, $4 note, $5 $6 committer, $7 planned_at, $8 $9 planner,
-- $10 script_hash
INSERT INTO {registry}.changes (
           change_id, change, project, note, committer_name, committer_email,
           planned_at, planner_name, planner_email, script_hash, committed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        greatest(clock_timestamp(),
                 (SELECT max(c.committed_at) + interval '1 microsecond'
                    FROM {registry}.changes AS c WHERE c.project = $3),
                 (SELECT max(t.committed_at) + interval '1 microsecond'
                    FROM {registry}.tags AS t WHERE t.project = $3)))
