-- As whoever the transaction is: how many rows of each table there are to see.
SELECT
    (SELECT count(*) FROM dsvault.users)            AS users,
    (SELECT count(*) FROM dsvault.roles)            AS roles,
    (SELECT count(*) FROM dsvault.encryption_keys)  AS keys,
    (SELECT count(*) FROM dsvault.datasets)         AS datasets,
    (SELECT count(*) FROM dsvault.dataset_versions) AS versions,
    (SELECT count(*) FROM dsvault.records)          AS records,
    (SELECT count(*) FROM dsvault.tokens)           AS tokens
