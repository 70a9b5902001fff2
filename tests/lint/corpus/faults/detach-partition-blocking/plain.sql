ALTER TABLE measurements DETACH PARTITION measurements_2020; -- FAULT detach-partition-blocking
