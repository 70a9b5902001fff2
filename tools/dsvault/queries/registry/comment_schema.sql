COMMENT ON SCHEMA {registry} IS 'Sqitch database deployment metadata v1.1.'
