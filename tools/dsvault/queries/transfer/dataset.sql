-- The dataset of a name that was not deleted.
SELECT d.id
FROM dsvault.datasets AS d
WHERE d.name = $1 AND d.deleted_at IS NULL
