-- Lists events, the last one first unless $7.
-- $1 events, $2 change, $3 project, $4 committer (patterns; NULL is any), $5 limit, $6 offset
SELECT e.event, e.project, e.change_id, e.change, e.note, e.requires, e.conflicts, e.tags,
       e.committed_at, e.committer_name, e.committer_email,
       e.planned_at, e.planner_name, e.planner_email
  FROM {registry}.events AS e
 WHERE ($1::text[] IS NULL OR e.event = ANY ($1::text[]))
   AND ($2::text IS NULL OR e.change ~ $2::text)
   AND ($3::text IS NULL OR e.project ~ $3::text)
   AND ($4::text IS NULL OR e.committer_name ~ $4::text)
 ORDER BY CASE WHEN $7::boolean THEN e.committed_at END,
          CASE WHEN NOT $7::boolean THEN e.committed_at END DESC
 LIMIT $5::bigint OFFSET $6::bigint
