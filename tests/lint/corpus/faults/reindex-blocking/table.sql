REINDEX TABLE orders; -- FAULT reindex-blocking
