"""How far a learner has come, by notebook."""

from __future__ import annotations

from netlab.show.table import Table
from netlab.teach.checks import exercises_of
from netlab.teach.kept import current
from netlab.teach.predictions import predictions


def progress() -> Table:
    """By notebook: predictions made and right, exercises right; what stands in the way of keeping them as a note.

    >>> progress().columns
    ('notebook', 'predictions made', 'of them right', 'exercises right')
    """
    ours = current()
    known = ours.read()
    rows = []
    asked, tasks = predictions(), exercises_of()
    for notebook in sorted({*(one.notebook for one in asked.values()), *tasks}):
        here = [one for one in asked.values() if one.notebook == notebook]
        made = [one for one in here if known.predictions.get(one.name, "-") in one.letters]
        right = sum(known.predictions[one.name] == one.right for one in made)
        names = tasks.get(notebook, ())
        solved = sum(name in known.solved for name in names)
        rows.append(
            (
                notebook,
                f"{len(made)} of {len(here)}" if here else "none asked",
                str(right) if here else "",
                f"{solved} of {len(names)}" if names else "none",
            )
        )
    return Table(
        title="Your progress",
        columns=("notebook", "predictions made", "of them right", "exercises right"),
        rows=tuple(rows),
        notes=(ours.trouble,) if ours.trouble else (),
    )
