-- Lists what is deployed, of all projects, in the order of deployment; the tags of each by name.
-- Times are ISO 8601 and tags a JSON array, whatever the session's settings are.
-- {hash} script_hash; change_id before version 1.0, which had none.
SELECT c.change_id AS id, c.change AS name, c.project, c.{hash} AS script_hash, c.note,
       to_char(c.committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS committed_at,
       c.committer_name, c.committer_email,
       to_char(c.planned_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS planned_at,
       c.planner_name, c.planner_email,
       array_to_json(ARRAY(SELECT t.tag
                             FROM {registry}.tags AS t
                            WHERE t.change_id = c.change_id
                            ORDER BY t.tag)) AS tags
  FROM {registry}.changes AS c
 ORDER BY c.committed_at
