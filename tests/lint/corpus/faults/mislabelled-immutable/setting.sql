CREATE FUNCTION tenant() RETURNS uuid LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN nullif(current_setting('app.tenant', true), '')::uuid; -- FAULT mislabelled-immutable
END;
$$;
