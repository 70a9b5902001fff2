-- Records that a change could not be deployed.
-- $1 the change as a JSON object, as for record_deploy
INSERT INTO {registry}.events (
           event, change_id, change, project, note, requires, conflicts, tags, committed_at,
           committer_name, committer_email, planned_at, planner_name, planner_email)
SELECT 'fail', g.change_id, g.change, g.project, g.note, g.requires, g.conflicts, g.tag_names,
       clock_timestamp(),
       g.committer_name, g.committer_email, g.planned_at, g.planner_name, g.planner_email
  FROM jsonb_to_record($1::jsonb) AS g (
           change_id text, change text, project text, note text,
           committer_name text, committer_email text,
           planned_at timestamptz, planner_name text, planner_email text,
           requires text[], conflicts text[], tag_names text[])
