ALTER TABLE cache SET UNLOGGED; -- FAULT set-logged-rewrite
