-- Records that a change is deployed.
-- The order of committed_at is the state of the database. So each time is taken from the clock, and
-- yet is later than all before it: the clock may stand still for a microsecond, or be put back.
-- The latest is that of the change before it in the plan, or of a tag of that; it is found by the
-- primary key, where the latest of all would be looked for in all rows, each time.
-- $1 change_id, $2 name, $3 project, $4 note, $5 $6 committer, $7 planned_at, $8 $9 planner,
-- $10 script_hash, $11 change_id of the change before
INSERT INTO {registry}.changes (
           change_id, change, project, note, committer_name, committer_email,
           planned_at, planner_name, planner_email, script_hash, committed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,
        greatest(clock_timestamp(),
                 (SELECT max(c.committed_at) + interval '1 microsecond'
                    FROM {registry}.changes AS c WHERE c.change_id = $11),
                 (SELECT max(t.committed_at) + interval '1 microsecond'
                    FROM {registry}.tags AS t WHERE t.change_id = $11)))
