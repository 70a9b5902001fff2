"""Work that touches a server or the machine; the command line only calls it."""
