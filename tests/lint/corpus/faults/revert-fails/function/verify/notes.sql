SELECT id, changed_at FROM notes WHERE false;
SELECT 'touch()'::regprocedure;
