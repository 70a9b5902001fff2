"""Run the toolkit with `python -m dsvault`."""

import gc

# Most of what is made at the start stays; to look for circles in it every now and then is vain.
gc.set_threshold(100_000, 20, 20)

from dsvault.cli import main  # noqa: E402 - it makes most of that

if __name__ == "__main__":
    main()
