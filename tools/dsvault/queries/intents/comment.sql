COMMENT ON TABLE dsvault_runner.intents IS
    'Changes whose script is being run outside of a transaction. A row that outlives its run asks for `dsvault repair`.'
