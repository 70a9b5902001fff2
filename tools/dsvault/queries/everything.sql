-- Every fact of the deployed schema, one a row.
SELECT f.fact FROM unnest(dsvault_facts.everything()) WITH ORDINALITY AS f (fact, place) ORDER BY f.place
