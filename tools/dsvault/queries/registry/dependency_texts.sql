-- Lists what each deployed change requires and conflicts with, as its plan wrote it.
SELECT d.change_id, d.type, d.dependency
  FROM {registry}.dependencies AS d
 ORDER BY d.change_id, d.ctid
