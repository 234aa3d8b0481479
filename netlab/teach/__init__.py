"""Exercises of the course: self-checks that know the typical wrong answers and say what lies behind them.

Also the broken hosts and nodes of the last exercises (``faults``), runs on a real kernel (``own_kernel``), and the
``doctor`` for the first cell of a workshop.
"""

from netlab.teach import faults, own_kernel
from netlab.teach.checks import Exercise, Mistake, Outcome, check, exercises
from netlab.teach.doctor import doctor

__all__ = ["Exercise", "Mistake", "Outcome", "check", "doctor", "exercises", "faults", "own_kernel"]
