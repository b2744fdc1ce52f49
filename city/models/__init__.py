"""Rows of the city, by noun."""

from city.models.catalogue import Product, Synonym, Topic
from city.models.contact import Announcement, CityContact
from city.models.departments import Absence, Department, Membership
from city.models.opening import (
    ClosingDay,
    DatedException,
    ExceptionWindow,
    Location,
    OpeningSchedule,
    WeeklyPeriod,
    WeeklyWindow,
)

__all__ = [
    "Absence",
    "Announcement",
    "CityContact",
    "ClosingDay",
    "DatedException",
    "Department",
    "ExceptionWindow",
    "Location",
    "Membership",
    "OpeningSchedule",
    "Product",
    "Synonym",
    "Topic",
    "WeeklyPeriod",
    "WeeklyWindow",
]
