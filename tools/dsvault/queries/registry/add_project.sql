-- $1 project, $2 URI or NULL, $3 creator's name, $4 e-mail
INSERT INTO {registry}.projects (project, uri, creator_name, creator_email)
VALUES ($1, $2, $3, $4)
