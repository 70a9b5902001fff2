-- Lists what is deployed, of all projects, in the order of deployment; the tags of each by name.
SELECT c.change_id AS id, c.change AS name, c.project, c.script_hash, c.note,
       c.committed_at, c.committer_name, c.committer_email,
       c.planned_at, c.planner_name, c.planner_email,
       ARRAY(SELECT t.tag
               FROM {registry}.tags AS t
              WHERE t.change_id = c.change_id
              ORDER BY t.tag) AS tags
  FROM {registry}.changes AS c
 ORDER BY c.committed_at
