SELECT id, body FROM note_list WHERE false;
