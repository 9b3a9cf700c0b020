"""Settings of hypothesis: no deadlines on busy machines, and the same examples in every run.

To look for new ones: ``HYPOTHESIS_PROFILE=explore python -m pytest``.
"""

import os

# Two workers with two threads each get in each other's way; before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
