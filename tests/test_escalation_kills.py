"""Questions while their worker is killed: the short form of `python -m benchmarks.escalations`."""

from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings

from benchmarks import escalations

SHORT = "--sweep 1 --hold 2 --no-write --points sent routed --steps route to_department"


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> str:
    """The kind of database of this round of tests: a new one for the run, made and dropped."""
    address = urlsplit(settings.PORTAL.database_url)
    if address.scheme == "sqlite":
        return "sqlite"
    monkeypatch.setenv("BENCH_POSTGRES", urlunsplit(address._replace(path="/postgres")))
    return "shared"


@pytest.mark.slow
def test_a_question_and_its_mails_survive_the_death_of_the_worker(database):
    arguments = f"{SHORT} --database {database}".split()

    outcome = escalations.played(escalations.options_from(arguments))

    assert outcome["whole"], outcome["rows"]
    mailed, routed = outcome["rows"]
    assert (mailed["kills"], routed["kills"]) == (1, 1)
    # It did die there: what the server had taken went again, as the same mail.
    assert mailed["repeated"] >= 1
    assert (mailed["message_ids"], mailed["mail_steps"]) == (7, 7)


def test_every_point_is_known_to_what_kills():
    assert set(escalations.options_from([]).points) == {
        *escalations.POINTS,
        *escalations.SERVER_TROUBLE,
    }
