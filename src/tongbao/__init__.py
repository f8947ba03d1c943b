"""Tongbao: from scraped inspection circulars to tidy tables and comparative reports.

In a notebook: `import tongbao as tb`, then `tb.load("pass_rates")`, `tb.circular("jiangsu-2018q3")`,
`tb.compare(a, b)`, `tb.plot.rates()`. What these do stands in `tongbao.desk`; they are imported when first used, so
that `import tongbao` takes no time.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tongbao.desk import circular, circulars, compare, load, names, plot, rates, readings, show, tables

__all__ = [
    "__version__",
    "circular",
    "circulars",
    "compare",
    "load",
    "names",
    "plot",
    "rates",
    "readings",
    "show",
    "tables",
]


def __getattr__(name: str) -> Any:
    """Import a name of the desk when it is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'tongbao' has no attribute {name!r}; try one of {', '.join(__all__[1:])}")
    import tongbao.desk

    value = getattr(tongbao.desk, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The names for completion."""
    return sorted({*globals(), *__all__})
