-- As an operator: add the accesses of noted calls to the tokens' counters, $1 calls at most.
SELECT dsvault.count_token_accesses($1::integer)::integer AS rows
