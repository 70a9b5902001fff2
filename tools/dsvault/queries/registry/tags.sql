-- Lists the tags of all projects in the order in which they were recorded.
SELECT t.tag_id AS id, t.tag AS name, t.project, t.change_id,
       t.committed_at, t.committer_name, t.committer_email
  FROM {registry}.tags AS t
 ORDER BY t.committed_at, t.tag
