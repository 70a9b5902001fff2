ALTER TABLE orders DISABLE TRIGGER ALL; -- FAULT disable-trigger-all
