-- Lists the tags of all projects in the order in which they were recorded. Times are ISO 8601.
SELECT t.tag_id AS id, t.tag AS name, t.project, t.change_id,
       to_char(t.committed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"') AS committed_at,
       t.committer_name, t.committer_email
  FROM {registry}.tags AS t
 ORDER BY t.committed_at, t.tag
