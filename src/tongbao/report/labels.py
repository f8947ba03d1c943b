"""The words in a drawn figure, in the language of the page: axes, ticks, legends, notes beside points.

What belongs here: finding every text of a figure and having it translated. What does not: drawing (`plots`, which write
English), the words (`language`). English figures are left as they are, to the byte.
"""

from typing import Any

from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, Formatter, PercentFormatter, ScalarFormatter

from tongbao.report import language

_NUMBERS = (PercentFormatter, ScalarFormatter)


class _Translated(Formatter):
    """The labels of another formatter, translated: ticks get their text anew whenever a figure is drawn."""

    def __init__(self, inner: Formatter, spoken: str) -> None:
        self.inner, self.spoken = inner, spoken

    def __call__(self, x: float, pos: int | None = None) -> str:
        return translated(self.inner(x, pos), self.spoken)

    def format_ticks(self, values: list[float]) -> list[str]:
        return [translated(text, self.spoken) for text in self.inner.format_ticks(values)]

    def set_locs(self, locs: list[float]) -> None:
        self.inner.set_locs(locs)

    def get_offset(self) -> str:
        return self.inner.get_offset()

    def set_axis(self, axis: Any) -> None:
        super().set_axis(axis)
        self.inner.set_axis(axis)


def relabel(fig: Figure) -> None:
    """Put every text of `fig` into the language of the page."""
    spoken = language.current()
    if spoken == "en":
        return
    for text in fig.findobj(Text):
        assert isinstance(text, Text)  # what findobj was asked for
        if text.get_text().strip():
            text.set_text(translated(text.get_text(), spoken))
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            _retick(axis, spoken)


def translated(text: str, spoken: str) -> str:
    """Translate a label: as a whole where it is known as a whole, else line by line."""
    return "\n".join(language.translate(line, spoken) for line in text.split("\n"))


def _retick(axis: Axis, spoken: str) -> None:
    formatter = axis.get_major_formatter()
    if isinstance(formatter, FixedFormatter):
        formatter.seq = [translated(str(text), spoken) for text in formatter.seq]
    elif not isinstance(formatter, _NUMBERS):
        axis.set_major_formatter(_Translated(formatter, spoken))
