"""Exercises of the course: self-checks that know the typical wrong answers and say what lies behind them."""

from netlab.teach.checks import Exercise, Mistake, Outcome, check, exercises

__all__ = ["Exercise", "Mistake", "Outcome", "check", "exercises"]
