"""Tongbao: from scraped inspection circulars to tidy tables and comparative reports.

In a notebook: `import tongbao as tb`, then `tb.load("pass_rates")`, `tb.circular("jiangsu-2018q3")`,
`tb.compare(a, b)`, `tb.plot.rates()`. What these do stands in `tongbao.desk`; each is imported when it is first used,
so that `import tongbao` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from tongbao.desk import plot
    from tongbao.desk.circular import circular, circulars
    from tongbao.desk.compare import compare
    from tongbao.desk.rates import rates, readings
    from tongbao.desk.show import show
    from tongbao.desk.tables import load, names, tables

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

_MODULES = {"circulars": "circular", "load": "tables", "names": "tables", "readings": "rates"}
"""Names that stand in a module of another name."""


def __getattr__(name: str) -> Any:
    """Import a name of the desk when it is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module 'tongbao' has no attribute {name!r}; try one of {', '.join(__all__[1:])}")
    module = import_module(f"tongbao.desk.{_MODULES.get(name, name)}")
    value = module if name == "plot" else getattr(module, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """The names for completion."""
    return sorted({name for name in globals() if name.startswith("__")} | set(__all__))
