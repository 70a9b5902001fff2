DO $$
BEGIN
    UPDATE settings SET value = 'x' WHERE name = 'y';
EXCEPTION
    WHEN OTHERS THEN -- FAULT exception-swallow
        RAISE NOTICE 'could not: %', SQLERRM;
END;
$$;
