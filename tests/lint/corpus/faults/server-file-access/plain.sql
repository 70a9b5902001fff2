GRANT pg_execute_server_program TO importer; -- FAULT server-file-access
