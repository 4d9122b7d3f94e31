"""``python -m chartscribe``: the command ``chartscribe``."""

from chartscribe.cli import main

if __name__ == "__main__":
    main()
