"""The loops that a join spends its time in: in C if that was built, else in numpy.

Both give the same (``tests/dedup/batch/test_kernel.py``).
"""

from __future__ import annotations

from dedup.batch import reference

add_up = reference.add_up
agreeing = reference.agreeing
collide = reference.collide
sort = reference.sort
