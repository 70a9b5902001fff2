CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, seller_id bigint);
CREATE VIEW idle WITH (security_invoker = true) AS
SELECT u.id FROM users AS u
WHERE u.id NOT IN (SELECT o.user_id FROM orders AS o)
    AND u.id NOT IN (SELECT o.seller_id FROM orders AS o WHERE o.seller_id IS NOT NULL);
