-- Removes a deployed change with its tags and dependencies, and records that it was reverted.
-- $1 change_id, $2 committer's name, $3 e-mail
WITH gone_tags AS (
    DELETE FROM {registry}.tags WHERE change_id = $1 RETURNING tag, committed_at
), gone_change AS (
    DELETE FROM {registry}.changes WHERE change_id = $1 RETURNING *
)
INSERT INTO {registry}.events (
           event, change_id, change, project, note, requires, conflicts, tags, committed_at,
           committer_name, committer_email, planned_at, planner_name, planner_email)
SELECT 'revert', c.change_id, c.change, c.project, c.note,
       ARRAY(SELECT d.dependency FROM {registry}.dependencies AS d
              WHERE d.change_id = $1 AND d.type = 'require' ORDER BY d.ctid),
       ARRAY(SELECT d.dependency FROM {registry}.dependencies AS d
              WHERE d.change_id = $1 AND d.type = 'conflict' ORDER BY d.ctid),
       ARRAY(SELECT t.tag FROM gone_tags AS t ORDER BY t.committed_at),
       clock_timestamp(), $2, $3, c.planned_at, c.planner_name, c.planner_email
  FROM gone_change AS c
