"""Servers that a test of the deployment may break."""

from tests.services import own_postgres, own_redis

__all__ = ["own_postgres", "own_redis"]
