-- Records what happened to a change, not before what else is recorded of that.
-- $1 change_id, $2 name, $3 project, $4 note, $5 $6 committer, $7 planned_at, $8 $9 planner,
-- $10 requires, $11 conflicts, $12 tags, $13 deploy or fail
INSERT INTO {registry}.events (
           change_id, change, project, note, committer_name, committer_email,
           planned_at, planner_name, planner_email, requires, conflicts, tags, event, committed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
        greatest(clock_timestamp(),
                 (SELECT c.committed_at FROM {registry}.changes AS c WHERE c.change_id = $1),
                 (SELECT max(t.committed_at) FROM {registry}.tags AS t WHERE t.change_id = $1)))
