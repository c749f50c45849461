"""Every lens gives the same on DuckDB and on PySpark: run before a release.

PySpark is no dependency. With Java 17 there, from the root of the repository:

    python3 -m pip install --target /tmp/spark --no-deps "pyspark==4.0.*" py4j
    PYTHONPATH=/tmp/spark .venv/bin/python -m pytest -m release \\
        tests/diagnosis/mining/test_pyspark.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from diagnosis.mining import lenses, maps
from diagnosis.mining.lenses import Log, open_log
from diagnosis.mining.store import read_meta
from tests.diagnosis.mining.every_lens import (
    FILTERS,
    LENSES,
    differences,
    drawn,
    plain,
)
from tests.diagnosis.mining.small_logs import store_of

pytestmark = pytest.mark.release


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = store_of(drawn(), tmp_path_factory.mktemp("spark"))
    return made


@pytest.fixture(scope="module")
def spark(store: Path) -> Iterator[Log]:
    """The store read by PySpark in this process."""
    sql = pytest.importorskip("pyspark.sql")
    ibis = pytest.importorskip("ibis")
    builder = sql.SparkSession.builder.master("local[2]")
    for name, value in {
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.driver.host": "127.0.0.1",
    }.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    backend = ibis.pyspark.connect(session)
    for name, place in {
        "events": "events",
        "cases": "cases",
        "variants": "variants.parquet",
    }.items():
        read = session.read.option("mergeSchema", "true").parquet(str(store / place))
        read.createOrReplaceTempView(name)
    tables = [backend.table(name) for name in ("events", "cases", "variants")]
    yield Log(backend, *tables, read_meta(store))
    session.stop()


@pytest.fixture(scope="module")
def duck(store: Path) -> Iterator[Log]:
    with open_log(store) as log:
        yield log


class TestPySpark:
    @pytest.mark.parametrize("name", LENSES)
    def test_gives_what_duckdb_gives(self, duck: Log, spark: Log, name: str) -> None:
        ask = LENSES[name]

        assert differences(plain(ask(duck)), plain(ask(spark)))[:5] == []

    @pytest.mark.parametrize("name", FILTERS)
    def test_chooses_the_same_cases(self, duck: Log, spark: Log, name: str) -> None:
        chosen = [FILTERS[name]]

        one, other = (
            [lenses.overview(log.where(chosen)), maps.process_map(log.where(chosen))]
            for log in (duck, spark)
        )

        assert differences(plain(one), plain(other))[:5] == []
        assert one[0].cases > 0
