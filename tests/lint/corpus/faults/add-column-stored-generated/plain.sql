ALTER TABLE orders
    ADD COLUMN gross numeric GENERATED ALWAYS AS (net * 1.2) STORED; -- FAULT add-column-stored-generated
