-- Records how far a script has come. In a transaction of the script's that may not write it records
-- nothing: such a step can be repeated. A DO block takes no parameters: they come as settings.
DO $note$
BEGIN
    IF current_setting('transaction_read_only') = 'off' THEN
        UPDATE dsvault_runner.intents
           SET done        = current_setting('dsvault_runner.done')::integer,
               begun       = current_setting('dsvault_runner.begun')::integer,
               done_digest = current_setting('dsvault_runner.digest')
         WHERE registry  = current_setting('dsvault_runner.registry')
           AND change_id = current_setting('dsvault_runner.change_id');
    END IF;
END
$note$
