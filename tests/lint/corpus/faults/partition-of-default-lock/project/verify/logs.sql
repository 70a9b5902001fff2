SELECT id, at FROM logs WHERE false;
