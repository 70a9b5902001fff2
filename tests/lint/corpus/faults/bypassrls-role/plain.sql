CREATE ROLE support NOLOGIN BYPASSRLS; -- FAULT bypassrls-role
