SELECT n.id, a.id FROM notes AS n JOIN authors AS a ON a.id = n.author_id WHERE false;
