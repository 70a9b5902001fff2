-- Gives the changes of a project the hashes of their scripts where an ID stands in for one, which is
-- so where they were deployed before version 1.0; NULL where there is no script any more.
-- $1 project, $2 a JSON object of hashes by change_id
UPDATE {registry}.changes AS c
   SET script_hash = (SELECT h.value FROM jsonb_each_text($2::jsonb) AS h WHERE h.key = c.change_id)
 WHERE c.project = $1
   AND c.script_hash = c.change_id
