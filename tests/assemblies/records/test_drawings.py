"""Drawings are made once, and what draws them is loaded where it will be asked for."""

import sys
import threading
import time

import pytest
from django.core.cache import cache
from django.utils import translation

from assemblies.records.drawings import drawn_once, name_of
from assembly_site.ready import load
from tests.federation.bodies import grow


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


def test_a_drawing_is_named_by_all_that_it_shows():
    assert name_of("map", True, (1, 2)) == name_of("map", True, (1, 2))
    names = {name_of("map", True, (1, 2)), name_of("map", False, (1, 2)), name_of("map", True, ())}
    with translation.override("de"):
        names.add(name_of("map", True, (1, 2)))
    assert len(names) == 4


def test_who_comes_while_a_drawing_is_made_waits_for_that_one():
    made, got, together = [], [], threading.Barrier(5)

    def draw():
        made.append(threading.current_thread().name)
        time.sleep(0.05)
        return "<svg/>"

    def ask():
        together.wait()
        got.append(drawn_once("one", draw))

    asking = [threading.Thread(target=ask) for _one in range(5)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert got == ["<svg/>"] * 5
    assert len(made) == 1


def test_a_drawing_that_failed_is_made_by_the_next_who_asks():
    with pytest.raises(ZeroDivisionError):
        drawn_once("one", lambda: str(1 / 0))
    assert drawn_once("one", lambda: "<svg/>") == "<svg/>"


@pytest.mark.django_db
def test_what_draws_maps_is_loaded_beforehand_only_where_there_are_councils(monkeypatch):
    monkeypatch.delitem(sys.modules, "federation.records.plots", raising=False)
    load()
    assert "federation.records.plots" not in sys.modules
    grow((2, 1))
    load()
    assert "federation.records.plots" in sys.modules
