-- Lists the projects of a registry from before version 1.0, in the columns of projects.sql.
SELECT NULL AS version, p.project, p.uri
  FROM (SELECT) AS one
  LEFT JOIN {registry}.projects AS p ON true
 ORDER BY p.project
