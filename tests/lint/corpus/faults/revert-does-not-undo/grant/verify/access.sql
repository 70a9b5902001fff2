SELECT has_table_privilege('reader', 'notes', 'SELECT');
