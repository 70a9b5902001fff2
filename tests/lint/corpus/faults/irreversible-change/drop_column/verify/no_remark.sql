SELECT 1 / (1 - count(*)) FROM information_schema.columns
WHERE table_name = 'notes' AND column_name = 'remark';
