ALTER TABLE bookings ADD CONSTRAINT no_double
    EXCLUDE USING gist (room WITH =, during WITH &&); -- FAULT exclusion-constraint-lock
