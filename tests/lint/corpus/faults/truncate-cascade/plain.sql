TRUNCATE customers CASCADE; -- FAULT truncate-cascade
