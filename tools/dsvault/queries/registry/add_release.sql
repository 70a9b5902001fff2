-- $1 version, $2 installer's name, $3 e-mail
INSERT INTO {registry}.releases (version, installer_name, installer_email)
VALUES ($1::real, $2, $3)
