ALTER TABLE events ADD PRIMARY KEY (id); -- FAULT primary-key-lock
