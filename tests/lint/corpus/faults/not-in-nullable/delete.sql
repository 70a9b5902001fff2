CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint);
CREATE VIEW idle AS
SELECT id FROM users
WHERE id NOT IN (SELECT user_id FROM orders); -- FAULT not-in-nullable
