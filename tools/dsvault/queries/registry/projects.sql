-- Lists the projects, and with each the registry's version; one row with no project if there is none.
SELECT v.version, p.project, p.uri
  FROM (SELECT max(version)::text AS version FROM {registry}.releases) AS v
  LEFT JOIN {registry}.projects AS p ON true
 ORDER BY p.project
