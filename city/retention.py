"""What becomes of the city's own rows: they are about the city, not about its people."""

from django.utils.translation import gettext_lazy as _

from common.retention import STANDING, Standing, nothing_personal

nothing_personal(
    "city.OpeningSchedule",
    "city.Location",
    "city.WeeklyPeriod",
    "city.WeeklyWindow",
    "city.DatedException",
    "city.ExceptionWindow",
    "city.ClosingDay",
    "city.Topic",
    "city.Product",
    "city.Synonym",
    "city.Announcement",
    because="the city published it",
)
nothing_personal(
    "city.Department",
    "city.CityContact",
    because="the address and telephone number are those of a service, not of a person",
)
STANDING.register(
    "absences",
    Standing(
        title=_("When an employee is away and who stands in"),
        models=("city.Absence",),
        ground=_("So that no question waits for somebody who is away."),
        until=_("as long as the account; says nothing of the reason"),
    ),
)
STANDING.register(
    "departments",
    Standing(
        title=_("Which employee belongs to which department"),
        models=("city.Membership",),
        ground=_("To bring a question to who can answer it."),
        until=_("as long as the person works there; an administrator ends it"),
    ),
)
