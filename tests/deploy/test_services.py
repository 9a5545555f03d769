"""A test can take a service away and give it back."""

import psycopg
import pytest
import redis

pytestmark = pytest.mark.services


def test_postgres_keeps_what_was_committed_when_it_is_killed(own_postgres):
    with psycopg.connect(own_postgres.url) as talk:
        talk.execute("CREATE TABLE said (what text)")
        talk.execute("INSERT INTO said VALUES ('accepted')")
    own_postgres.kill()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(own_postgres.url)
    own_postgres.start()
    with psycopg.connect(own_postgres.url) as talk:
        assert talk.execute("SELECT what FROM said").fetchall() == [("accepted",)]


def test_redis_comes_back_empty_on_the_same_port(own_redis):
    with redis.Redis.from_url(own_redis.url) as talk:
        talk.set("bell", "rung")
        own_redis.stop()
        with pytest.raises(redis.ConnectionError):
            talk.get("bell")
        own_redis.start()
        assert talk.get("bell") is None
