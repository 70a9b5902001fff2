CREATE TABLE notes (id bigint PRIMARY KEY, title text NOT NULL);
CREATE INDEX an_index_whose_name_is_so_very_long_that_postgresql_will_cut_it_off_silently ON notes (title); -- FAULT identifier-too-long
