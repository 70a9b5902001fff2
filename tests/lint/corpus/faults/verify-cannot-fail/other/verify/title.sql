SELECT id, body FROM notes WHERE false; -- FAULT verify-cannot-fail
