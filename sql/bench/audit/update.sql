UPDATE dsvault.datasets SET description = concat('described ', $2::text)
WHERE id IN (SELECT d.id FROM dsvault.datasets AS d LIMIT $1::integer) AND $3::uuid IS NOT NULL
