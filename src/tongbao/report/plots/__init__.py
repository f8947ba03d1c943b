"""Ready plots for the notebooks: plain data frames in, matplotlib axes out.

What belongs here: drawing. What does not: any statistic, any decision what may be compared (`tongbao.stats`);
captions and tables (`figure`). Rates are fractions in [0, 1]. Missing cells are never drawn as zero.

Conventions (Wilke, Fundamentals of Data Visualization, chapters 10, 16 and 20; Manski 2003 for identified sets):
a thin line is a sampling interval, a thick grey bar the values that the printed figures leave possible, a hollow
point a census, an arrow an end that is not known, hatching no data.
"""

from tongbao.report.plots.grades import counts_in_two_years, grade_bars
from tongbao.report.plots.history import rate_history
from tongbao.report.plots.intervals import caterpillar, deduction_intervals
from tongbao.report.plots.places import count_grid, coverage_grid, tile_map
from tongbao.report.plots.trends import small_multiples

__all__ = [
    "caterpillar",
    "count_grid",
    "counts_in_two_years",
    "coverage_grid",
    "deduction_intervals",
    "grade_bars",
    "rate_history",
    "small_multiples",
    "tile_map",
]
