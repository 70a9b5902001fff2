DROP VIEW note_list;
