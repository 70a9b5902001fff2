SELECT id, author_id FROM notes WHERE false;
