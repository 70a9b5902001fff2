-- Records a deployed change with its dependencies, tags and event.
-- The order of committed_at is the state of the database. So each time is taken from the clock, and
-- yet is later than all before it: the clock may stand still for a microsecond, or be put back.
-- $1 the change as a JSON object
WITH given AS (
    SELECT *
      FROM jsonb_to_record($1::jsonb) AS g (
               change_id text, script_hash text, change text, project text, note text,
               committer_name text, committer_email text,
               planned_at timestamptz, planner_name text, planner_email text,
               requires text[], conflicts text[], tag_names text[], dependencies jsonb, tags jsonb)
), latest AS (
    SELECT max(earlier.committed_at) AS committed_at
      FROM (SELECT c.project, c.committed_at FROM {registry}.changes AS c
            UNION ALL
            SELECT t.project, t.committed_at FROM {registry}.tags AS t) AS earlier
      JOIN given USING (project)
), new_change AS (
    INSERT INTO {registry}.changes (
               change_id, script_hash, change, project, note, committed_at,
               committer_name, committer_email, planned_at, planner_name, planner_email)
    SELECT g.change_id, g.script_hash, g.change, g.project, g.note,
           greatest(clock_timestamp(), latest.committed_at + interval '1 microsecond'),
           g.committer_name, g.committer_email, g.planned_at, g.planner_name, g.planner_email
      FROM given AS g, latest
    RETURNING committed_at
), new_dependencies AS (
    INSERT INTO {registry}.dependencies (change_id, type, dependency, dependency_id)
    SELECT g.change_id, d.type, d.dependency, d.dependency_id
      FROM given AS g,
           jsonb_to_recordset(g.dependencies) AS d (type text, dependency text, dependency_id text)
), new_tags AS (
    INSERT INTO {registry}.tags (
               tag_id, tag, project, change_id, note, committed_at,
               committer_name, committer_email, planned_at, planner_name, planner_email)
    SELECT t.value ->> 'tag_id', t.value ->> 'tag', g.project, g.change_id, t.value ->> 'note',
           c.committed_at + t.position * interval '1 microsecond',
           g.committer_name, g.committer_email, (t.value ->> 'planned_at')::timestamptz,
           t.value ->> 'planner_name', t.value ->> 'planner_email'
      FROM given AS g, new_change AS c,
           jsonb_array_elements(g.tags) WITH ORDINALITY AS t (value, position)
    RETURNING committed_at
)
INSERT INTO {registry}.events (
           event, change_id, change, project, note, requires, conflicts, tags, committed_at,
           committer_name, committer_email, planned_at, planner_name, planner_email)
SELECT 'deploy', g.change_id, g.change, g.project, g.note, g.requires, g.conflicts, g.tag_names,
       greatest(clock_timestamp(), c.committed_at, (SELECT max(t.committed_at) FROM new_tags AS t)),
       g.committer_name, g.committer_email, g.planned_at, g.planner_name, g.planner_email
  FROM given AS g, new_change AS c
