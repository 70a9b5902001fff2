CREATE TABLE rates (currency text PRIMARY KEY, rate numeric NOT NULL);
CREATE FUNCTION rate_of(c text) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
    SELECT rate FROM rates WHERE currency = c -- FAULT mislabelled-immutable
$$;
