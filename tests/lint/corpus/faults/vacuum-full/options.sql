VACUUM (FULL, VERBOSE) orders; -- FAULT vacuum-full
