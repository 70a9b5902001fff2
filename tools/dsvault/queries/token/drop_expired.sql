-- Remove tokens that have expired, so that new ones can take their place: $1 ids.
SELECT dsvault.drop_expired_tokens($1::uuid[])::integer AS rows
