-- As an operator: seal what was written since the last time.
SELECT count(*) AS amount FROM dsvault.seal_audit()
