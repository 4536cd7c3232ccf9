"""Property tests draw the same examples each time, so that a commit passes or fails for what it changed.

New examples are looked for on purpose: `pytest --hypothesis-profile=explore` (README); what that finds is
mended and, if the fixed examples do not show it, written down as a test of its own.
"""

from hypothesis import settings

settings.register_profile("same-each-time", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile("same-each-time")
