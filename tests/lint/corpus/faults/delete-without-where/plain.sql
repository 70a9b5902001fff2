DELETE FROM sessions; -- FAULT delete-without-where
