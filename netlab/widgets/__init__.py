"""Interactive views for notebooks; each wraps one function of ``netlab.show``."""

from netlab.widgets.pair import PairPlayer
from netlab.widgets.player import JourneyPlayer
from netlab.widgets.send import SendForm
from netlab.widgets.sliders import EvictionSliders

__all__ = ["EvictionSliders", "JourneyPlayer", "PairPlayer", "SendForm"]
