BEGIN;
REVOKE SELECT ON notes FROM reader; -- FAULT revert-does-not-undo
COMMIT;
