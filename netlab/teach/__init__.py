"""The course asks: predictions before a run, exercises that know the typical wrong answers, and what was done of both.

Also the broken hosts and nodes of the last exercises (``faults``), runs on a real kernel (``own_kernel``), and the
``doctor`` for the first cell of a workshop.
"""

from netlab.teach import faults, own_kernel
from netlab.teach.asking import Comparison, Question, compare, predict
from netlab.teach.checks import Exercise, Mistake, Outcome, check, exercises
from netlab.teach.doctor import doctor
from netlab.teach.overview import progress
from netlab.teach.predictions import Prediction, Witness, predictions

__all__ = [
    "Comparison",
    "Exercise",
    "Mistake",
    "Outcome",
    "Prediction",
    "Question",
    "Witness",
    "check",
    "compare",
    "doctor",
    "exercises",
    "faults",
    "own_kernel",
    "predict",
    "predictions",
    "progress",
]
