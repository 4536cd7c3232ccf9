"""How long a million workday additions take: `python -m benchmarks.workdays`."""

import time

import numpy as np

from toolkit.model.calendar import WorkCalendar

ADDITIONS = 1_000_000


def least_seconds() -> float:
    """The least of five times for a million additions of 0 to 60 working days to days of 2024–2027."""
    rng = np.random.default_rng(1)
    days = np.datetime64("2024-01-01") + rng.integers(0, 4 * 365, ADDITIONS).astype("timedelta64[D]")
    counts = rng.integers(0, 61, ADDITIONS)
    calendar = WorkCalendar()
    calendar.add_workdays(days[:10], counts[:10])
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        calendar.add_workdays(days, counts)
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    print(f"{ADDITIONS:,} workday additions: {1000 * least_seconds():.0f} ms.")
