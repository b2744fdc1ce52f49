"""Opening hours: `hours_of("scheep", start=…, end=…)` reads them, `Hours` answers."""

from city.hours.engine import BRUSSELS, Exceptional, Hours, Period, Span, Window, merge_windows
from city.hours.loader import hours_around, hours_of

__all__ = [
    "BRUSSELS",
    "Exceptional",
    "Hours",
    "Period",
    "Span",
    "Window",
    "hours_around",
    "hours_of",
    "merge_windows",
]
