"""`python -m toolkit` is `loanvisit`."""

from toolkit.cli import main

if __name__ == "__main__":
    main()
