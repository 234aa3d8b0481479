"""Predict, run, compare: the learner commits to an answer before the cell that shows it, and sees both side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from netlab.show.words import listed, printable
from netlab.teach.checks import NOT_YET, Outcome
from netlab.teach.kept import current
from netlab.teach.predictions import Prediction, predictions
from netlab.widgets.base import View

PREDICTED: Final = "Predicted."
UNKNOWN: Final = "No such prediction."
_WIDTH: Final = 100


class Question(View):
    """A prediction's question with radio buttons; a choice is kept in the file of progress at once.

    Its text lists question and options, whatever was chosen before, so a stored notebook reads without a kernel.
    """

    def __init__(self, prediction: Prediction) -> None:
        import ipywidgets as w

        self.prediction = prediction
        kept = current().read().predictions.get(prediction.name)
        options = [
            (printable(f"{letter}. {prediction.option(letter)}"), letter) for letter in prediction.letters
        ]
        self.buttons: Any = w.RadioButtons(
            options=options,
            value=kept if kept in tuple(prediction.letters) else None,
            layout=w.Layout(width="max-content"),
        )
        self.words: Any = w.HTML(_status("Kept from before." if self.buttons.value else "Choose one."))
        self.buttons.observe(self._chosen, names="value")
        head = w.HTML(f"<b>{escape(printable(prediction.question))}</b>")
        self.box = w.VBox([head, self.buttons, self.words])

    @property
    def text(self) -> str:
        asked = self.prediction
        lines = [textwrap.fill(printable(asked.question), _WIDTH, break_on_hyphens=False)]
        lines += [_option(asked, letter) for letter in asked.letters]
        return "\n".join(lines)

    @property
    def preview(self) -> str:
        asked = self.prediction
        options = "<br>".join(escape(printable(f"{one}. {asked.option(one)}")) for one in asked.letters)
        return f"<p><b>{escape(printable(asked.question))}</b><br>{options}</p>"

    def _chosen(self, change: dict[str, Any]) -> None:
        letter = change["new"]
        if letter is None:
            return
        self.words.value = _status(_keep(self.prediction, letter))


@dataclass(frozen=True, slots=True, repr=False)
class Comparison:
    """A prediction held against the answer. ``letter`` is what was predicted, None if nothing was."""

    prediction: Prediction
    letter: str | None
    note: str = ""

    @property
    def right(self) -> bool:
        return self.letter == self.prediction.right

    @property
    def verdict(self) -> str:
        """What was predicted and what the run says."""
        asked = self.prediction
        answer = f"{asked.right}: {asked.option(asked.right)}"
        if self.letter is None:
            return f"No prediction yet: choose in the cell that asks, then run this one again.\nThe answer is {answer}"
        if self.right:
            return f"You predicted {asked.right}, and so it is: {asked.option(asked.right)}"
        return f"You predicted {self.letter}: {asked.option(self.letter)}\nThe run above says {answer}"

    def __repr__(self) -> str:
        said = [*self.verdict.split("\n"), self.prediction.because, *([self.note] if self.note else [])]
        lines = [textwrap.fill(printable(one), _WIDTH, break_on_hyphens=False) for one in said]
        if (witness := self.prediction.witness) is not None:
            lines.append(f"Witness: {witness.source}:")
            lines += [f"    {printable(line)}" for _, line in witness.lines]
        return "\n".join(lines)

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _html(self) -> str:
        verdict = "<br>".join(escape(printable(line)) for line in self.verdict.split("\n"))
        paragraphs = [f"<b>{verdict}</b>", escape(printable(self.prediction.because))]
        if self.note:
            paragraphs.append(escape(printable(self.note)))
        body = "".join(f"<p>{one}</p>" for one in paragraphs)
        if (witness := self.prediction.witness) is not None:
            lines = "\n".join(escape(printable(line)) for _, line in witness.lines)
            body += f"<p>Witness: {escape(witness.source)}:</p>"
            body += f'<pre style="white-space:pre-wrap;overflow-wrap:anywhere">{lines}</pre>'
        return f'<div role="status">{body}</div>'


def predict(name: str, letter: object = None) -> Question | Outcome:
    """Ask for a prediction; with a letter, answer it by typing. Nothing is raised: what is wrong is said.

    >>> predict("second-request")
    What will the second request show?
      A. NEW, and nat lines again
      B. ESTABLISHED, and no nat lines
      C. NEW, and no nat lines
    >>> predict("second-request", "b")
    Predicted. B: ESTABLISHED, and no nat lines
    """
    found = predictions().get(name)
    if found is None:
        return _unknown(name)
    if letter is None:
        return Question(found)
    chosen = letter.strip(" ().").upper() if isinstance(letter, str) else ""
    if chosen not in tuple(found.letters):
        letters = listed([f'"{one}"' for one in found.letters])
        return Outcome(name, NOT_YET, f"Predict with one of the letters {letters}.")
    trouble = _trouble(found, chosen)
    return Outcome(name, PREDICTED, f"{chosen}: {found.option(chosen)}", note=trouble)


def compare(name: str) -> Comparison | Outcome:
    """Hold a prediction against the answer, its reason, and the recorded lines that confirm it.

    >>> predict("second-request", "B") and compare("second-request").letter
    'B'
    """
    found = predictions().get(name)
    if found is None:
        return _unknown(name)
    ours = current()
    letter = ours.read().predictions.get(name)
    return Comparison(found, letter if letter in tuple(found.letters) else None, ours.trouble)


def _trouble(prediction: Prediction, letter: str) -> str:
    ours = current()
    ours.predict(prediction.name, letter)
    return ours.trouble


def _keep(prediction: Prediction, letter: str) -> str:
    return f"You predict {letter}. Go on and see. {_trouble(prediction, letter)}".rstrip()


def _option(prediction: Prediction, letter: str) -> str:
    return textwrap.fill(
        printable(f"{letter}. {prediction.option(letter)}"),
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="     ",
        break_on_hyphens=False,
    )


def _status(words: str) -> str:
    return f'<span role="status">{escape(printable(words))}</span>'


def _unknown(name: object) -> Outcome:
    return Outcome(str(name), UNKNOWN, f"{name!r} is not one of {listed(sorted(predictions()))}.")
