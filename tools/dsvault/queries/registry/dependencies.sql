-- Lists which deployed change requires which, by ID.
SELECT d.change_id, d.dependency_id
  FROM {registry}.dependencies AS d
 WHERE d.dependency_id IS NOT NULL
