"""`python -m benchmarks.consolidating FOLDER OUT PROCESSES`: `loanvisit consolidate` as a user runs it."""

import sys

from benchmarks.branches import AS_OF, PERIOD
from toolkit.cli.main import main

if __name__ == "__main__":
    folder, out, processes = sys.argv[1:]
    main(["consolidate", folder, "--out", out, "--period", PERIOD, "--as-of", AS_OF, "--workers", processes, "--quiet"])
