"""`python -m bench pages`: how long the pages of councils take, of nine hundred units as of nine.

Two federations, written as rows: one of three levels above 900 assemblies with 1,000 delegates, and
one council of 900 units. The log of the highest council has 50,000 entries.
"""

import argparse
import gc
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from bench import report
from bench.stage import Stage, given_url

WIDTHS = (900, 90, 10, 1)
FLAT = (900, 1)
ENTRIES, AT_ONCE = 50_000, 5_000
TIMES = 20
SLOW = 300.0  # ms


def run(asked: argparse.Namespace) -> int:
    """Measure on SQLite, and on DATABASE_URL if there is one; 1 where a page is too slow."""
    found = []
    given = given_url(asked.database_url, "DATABASE_URL", "TEST_DATABASE_URL")
    for url in dict.fromkeys(["", given]):
        with Stage(url) as stage:
            name = "PostgreSQL" if stage.database_url.startswith("postgres") else "SQLite"
            found.append({"database": name, "pages": stage.ask("pages")})
        if not asked.json:
            print(f"\nPages of councils on {name}, {TIMES} times each\n")
            print(report.table(list(HEAD), [row_of(page) for page in found[-1]["pages"]]))
    if asked.json:
        print(report.as_json("pages", found))
    pages = [page for one in found for page in one["pages"] if not page["drawn"]]
    return int(any(page["median"] > SLOW for page in pages))


TIMED = ("first", "median", "worst", "CPU, median", "CPU, worst")
HEAD = ("page", "queries", *TIMED, "kB")


def row_of(page: dict[str, Any]) -> list[str]:
    """Return a page's line of the table."""
    times = [report.number(page[name], "ms") for name in TIMED]
    return [page["name"], str(page["queries"]), *times, report.number(page["kb"])]


def measured() -> list[dict[str, Any]]:
    """Build both federations, get ready as a server does, and ask for every page (with Django)."""
    from django.test import Client  # noqa: PLC0415 - the bench itself does without Django

    from assembly_site.ready import load  # noqa: PLC0415
    from assembly_site.serve import tidy_seldom  # noqa: PLC0415
    from tests.federation.bodies import grow, risen  # noqa: PLC0415

    tall, flat = grow(WIDTHS, members=3, seats=1), grow(FLAT, members=3, seats=1)
    items, item = risen(tall), risen(flat)[0]
    fill_log(tall.top, tall.levels[-2][0].key)
    tidy_seldom()
    began = time.perf_counter()
    load()
    print(f"Loaded beforehand in {time.perf_counter() - began:.1f} s", file=sys.stderr)
    gc.collect()
    gc.freeze()
    high, wide = (f"/councils/{one.top.assembly.key}/" for one in (tall, flat))
    pages = {
        "council of 10 units, 900 below": high,
        "council of 900 units": wide,
        "credentials of 900, last page": f"{wide}?page=99",
        "map": f"{high}map/",
        "map, drawn": f"{high}map.svg",
        "map, drawn wide": f"{high}map.svg?on=wide",
        "item over three levels": f"{high}items/{items[-1].key}/",
        "what it rests on": f"{high}items/{items[-1].key}/rests-on/",
        "item of 900 units": f"{wide}items/{item.key}/",
        "what it rests on, 900": f"{wide}items/{item.key}/rests-on/",
        "log of 50,000, last page": f"{high}log/",
        "log of 50,000, first page": f"{high}log/?page=1",
        "our delegates": f"{wide}from/{flat.base.key}/",
        "home of a member": "/",
    }
    found = []
    for name, path in pages.items():
        client, grown = Client(headers={"host": "localhost"}), flat if wide in path else tall
        client.force_login(grown.member(grown.base))
        found.append(asked_for(client, name, path))
    return found


def fill_log(council: Any, unit: str) -> None:
    """Write what a council of many years has done into its journal."""
    from django.utils import timezone  # noqa: PLC0415

    from assemblies.door.book import record_body  # noqa: PLC0415

    kinds = ("federation.item_carried", "federation.mandate_known", "federation.unit_answered")
    body, began = council.assembly, timezone.now() - timedelta(days=3000)
    for first in range(0, ENTRIES, AT_ONCE):
        with record_body(body, by=None, now=began) as book:
            for n in range(first, first + AT_ONCE):
                book.now = began + timedelta(hours=n)
                said = {"item": "q", "title": "One rent", "as_": "enact", "answer": "accept"}
                book.note(kinds[n % 3], unit=unit, **said)


def asked_for(client: Any, name: str, path: str) -> dict[str, Any]:
    """Ask for a page once cold and then again and again; count its queries.

    The time of CPU is that of this thread: on SQLite all of it, and nobody else's.
    """
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    times, worked = [], []
    for _time in range(TIMES + 1):
        began, had = time.perf_counter(), time.thread_time()
        page = client.get(path)
        times.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.thread_time() - had))
        assert page.status_code == 200, (path, page.status_code)
    with CaptureQueriesContext(connection) as seen:
        client.get(path)
    first, *again = times
    return {
        "name": name,
        "drawn": path.partition("?")[0].endswith(".svg"),
        "queries": len(seen),
        "first": first,
        "median": statistics.median(again),
        "worst": max(again),
        "CPU, median": statistics.median(worked[1:]),
        "CPU, worst": max(worked[1:]),
        "kb": len(page.content) / 1000,
    }


def arguments(parser: Any) -> None:
    """Describe what can be asked."""
    parser.add_argument("--database-url", default="")
    parser.add_argument("--json", action="store_true")
