"""What must be survived: kill -9, Redis away, stalled and flooding phones.

Shortened here, whole in `python -m bench kill` and `python -m bench slow`. Only what is right or
wrong is asserted; times are the bench's business.
"""

from dataclasses import asdict

import pytest

from bench.killing import Trouble, trouble
from bench.slow import Slow, slow
from tests.services import own_redis, postgres_url, redis_url  # noqa: F401 - a fixture

pytestmark = pytest.mark.services


def kept(verdict) -> None:
    """Every promise was kept, or the test shows the whole verdict."""
    told = asdict(verdict)
    assert verdict.accepted > 50, told
    assert (verdict.lost, verdict.doubled, verdict.gaps) == (0, 0, 0), told
    assert verdict.unanswered == 0, told
    assert verdict.chain == "holds", told
    assert verdict.screens_alike, told
    assert verdict.faults == 0, told


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_a_killed_server_loses_no_accepted_act_and_counts_none_twice(server):
    kept(trouble(Trouble(phones=60, seconds=10, kills=2, server=server)))


def test_one_of_two_processes_is_killed_on_postgresql_and_redis():
    asked = Trouble(
        phones=60,
        seconds=10,
        kills=1,
        processes=2,
        database_url=postgres_url(),
        redis_url=redis_url(),
    )
    kept(trouble(asked))


def test_redis_is_away_for_ten_seconds(own_redis):  # noqa: F811
    asked = Trouble(
        phones=40,
        seconds=18,
        kills=0,
        processes=2,
        database_url=postgres_url(),
        redis_url=own_redis.url,
        redis=own_redis,
        redis_away=10,
    )
    kept(trouble(asked))


@pytest.mark.parametrize("server", ["daphne", "uvicorn"])
def test_stalled_and_flooding_phones_cost_the_others_nothing(server):
    found = slow(Slow(phones=40, stalled=8, trickling=2, seconds=12, server=server))

    told = asdict(found)
    assert (found.lost, found.healthy_dropped, found.faults) == (0, 0, 0), told
    assert found.flood_closed_s is not None, told
    assert found.rss_growth_mb < 50, told
    assert found.flood_rss_growth_mb < 50, told
