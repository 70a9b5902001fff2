-- Empty tokens for ever: $1 ids, $2 why.
SELECT dsvault.forget_tokens($1::uuid[], $2)::integer AS rows
