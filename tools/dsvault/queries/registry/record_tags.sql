-- Records those tags of a deployed change that are not recorded yet.
-- $1 change_id, $2 $3 committer, $4 a JSON array of objects
WITH clock AS MATERIALIZED (
    SELECT clock_timestamp() AS now
)
INSERT INTO {registry}.tags (
           tag_id, tag, project, change_id, note, committed_at,
           committer_name, committer_email, planned_at, planner_name, planner_email)
SELECT t.value ->> 'tag_id', t.value ->> 'tag', c.project, c.change_id, t.value ->> 'note',
       greatest(clock.now, c.committed_at) + t.position * interval '1 microsecond',
       $2, $3, (t.value ->> 'planned_at')::timestamptz,
       t.value ->> 'planner_name', t.value ->> 'planner_email'
  FROM {registry}.changes AS c
 CROSS JOIN clock
 CROSS JOIN jsonb_array_elements($4::jsonb) WITH ORDINALITY AS t (value, position)
 WHERE c.change_id = $1
   AND NOT EXISTS (
           SELECT FROM {registry}.tags AS recorded WHERE recorded.tag_id = t.value ->> 'tag_id')
