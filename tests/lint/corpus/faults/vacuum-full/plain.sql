VACUUM FULL orders; -- FAULT vacuum-full
