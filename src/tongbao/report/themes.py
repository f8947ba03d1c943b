"""The three themes of the reports, in the order of the front page and the menu."""

THEMES = {
    "grade_shares": "Grade shares",
    "deduction_ranges": "Deduction ranges",
    "pass_rate_trends": "Pass-rate trends",
}
"""Name of notebook and analysis -> English title."""
