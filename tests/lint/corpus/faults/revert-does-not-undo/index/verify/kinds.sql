SELECT kind FROM notes WHERE false;
