"""Run the toolkit with `python -m dsvault`."""

from dsvault.cli import main

if __name__ == "__main__":
    main()
