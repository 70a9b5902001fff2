LOCK TABLE {registry}.changes IN EXCLUSIVE MODE
