-- As an operator: add noted accesses to the tokens' counters, $1 at most.
SELECT dsvault.count_token_accesses($1::integer)::integer AS rows
