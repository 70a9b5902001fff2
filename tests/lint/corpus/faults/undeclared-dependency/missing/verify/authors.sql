SELECT id FROM authors WHERE false;
