"""What is said about commenting: as today's project says it."""

from gis.notice import with_todays_notice
from tests.gis.publish.plans import snapshot

FROZEN = snapshot("R1", settings={"publish.contact": "旧电话", "publish.comment_until": "2020-04-30"})
TODAY = snapshot(settings={"publish.contact": "新电话", "publish.comment_until": "2020-07-31", "other": 1})


def test_the_newest_revision_is_posted_with_todays_contact_and_period():
    said = with_todays_notice(FROZEN, TODAY, newest=True)
    assert said.settings == {"publish.contact": "新电话", "publish.comment_until": "2020-07-31"}
    assert said.revision == "R1"


def test_an_older_revision_keeps_the_period_it_was_posted_for():
    said = with_todays_notice(FROZEN, TODAY, newest=False)
    assert said.settings == {"publish.contact": "新电话", "publish.comment_until": "2020-04-30"}


def test_what_today_is_silent_about_stays_as_it_was_frozen():
    assert with_todays_notice(FROZEN, snapshot(), newest=True) is FROZEN
