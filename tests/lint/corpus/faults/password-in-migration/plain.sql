CREATE ROLE reporter LOGIN PASSWORD 'hunter2-reporter'; -- FAULT password-in-migration
