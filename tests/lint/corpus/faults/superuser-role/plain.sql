ALTER ROLE support SUPERUSER; -- FAULT superuser-role
