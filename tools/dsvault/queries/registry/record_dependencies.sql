-- Records what a deployed change depends on.
-- $1 change_id, $2 a JSON array of objects
INSERT INTO {registry}.dependencies (change_id, type, dependency, dependency_id)
SELECT $1, d.type, d.dependency, d.dependency_id
  FROM jsonb_to_recordset($2::jsonb) AS d (type text, dependency text, dependency_id text)
