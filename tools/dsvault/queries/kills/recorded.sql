-- Lists the changes that are recorded, in order.
SELECT c.change AS name FROM sqitch.changes AS c ORDER BY c.committed_at
