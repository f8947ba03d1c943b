"""The researcher's judgement: looking at what is doubtful, coding by hand, measuring how people and program agree."""
