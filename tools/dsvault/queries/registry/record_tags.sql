-- Records those tags of a deployed change that are not recorded yet.
-- $1 the change as a JSON object, as for record_deploy
WITH clock AS MATERIALIZED (
    SELECT clock_timestamp() AS now
)
INSERT INTO {registry}.tags (
           tag_id, tag, project, change_id, note, committed_at,
           committer_name, committer_email, planned_at, planner_name, planner_email)
SELECT t.value ->> 'tag_id', t.value ->> 'tag', g.project, g.change_id, t.value ->> 'note',
       greatest(clock.now, c.committed_at) + t.position * interval '1 microsecond',
       g.committer_name, g.committer_email, (t.value ->> 'planned_at')::timestamptz,
       t.value ->> 'planner_name', t.value ->> 'planner_email'
  FROM jsonb_to_record($1::jsonb) AS g (
           change_id text, project text, committer_name text, committer_email text, tags jsonb)
  JOIN {registry}.changes AS c USING (change_id)
 CROSS JOIN clock
 CROSS JOIN jsonb_array_elements(g.tags) WITH ORDINALITY AS t (value, position)
 WHERE NOT EXISTS (
           SELECT FROM {registry}.tags AS recorded WHERE recorded.tag_id = t.value ->> 'tag_id')
