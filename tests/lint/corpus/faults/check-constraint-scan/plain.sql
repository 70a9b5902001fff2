ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total >= 0); -- FAULT check-constraint-scan
