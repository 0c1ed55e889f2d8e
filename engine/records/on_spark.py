"""What a run keeps in a Spark session while it lasts: views of its own, and tables worked out.

Views belong to the session of whoever runs, so their names begin with a word that no other run in
it uses, and they are dropped when the run is over. Nothing here is imported unless Spark is used.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_RUNS = count(1)
Row = Sequence[Any]


@dataclass
class OnSpark:
    """The views of one run in a session.

    Settings of how a statement is planned, and of what it means where a session may mean something
    else, are set for as long as the run lasts; `partitions` is into how many parts tables are
    parted, if not as the session has it.
    """

    spark: "SparkSession"
    partitions: int | None = None
    prefix: str = field(default_factory=lambda: f"practice_audit_{next(_RUNS)}")
    _kept: "list[DataFrame]" = field(default_factory=list)
    _views: list[str] = field(default_factory=list)
    _settings: dict[str, str | None] = field(default_factory=dict)

    def name(self, what: str) -> str:
        """Return the name of a view of this run."""
        return f"{self.prefix}_{what}"

    def run(self, sql: str) -> "DataFrame":
        """Return what a statement gives."""
        return self.spark.sql(sql)

    def rows(self, sql: str) -> "list[Row]":
        """Return the rows that a statement gives, on the driver; there must be few."""
        return [tuple(row) for row in self.spark.sql(sql).collect()]

    def view(self, what: str, frame: "DataFrame", *, keep: bool = False) -> str:
        """Give a table a name in this run, and return it; with `keep` it is worked out at once.

        What is kept is a leaf in the plans of those who read it. Where the session has a folder for
        checkpoints it is kept there, whichever worker is lost; else by the workers themselves.
        """
        if keep:
            frame = frame.checkpoint() if self._has_folder() else frame.localCheckpoint()
            self._kept.append(frame)
        name = self.name(what)
        frame.createOrReplaceTempView(name)
        self._views.append(name)
        return name

    def _has_folder(self) -> bool:
        context = getattr(self.spark, "sparkContext", None)
        if context is None:  # the session is one of Spark Connect
            return bool(self.spark.conf.get("spark.checkpoint.dir", None))
        return context.getCheckpointDir() is not None

    def make(self, what: str, sql: str, *, keep: bool = False) -> str:
        """Give what a statement gives a name in this run, and return it."""
        return self.view(what, self.run(sql), keep=keep)

    def __enter__(self) -> Self:
        parted = {} if self.partitions is None else {PARTITIONS: str(self.partitions)}
        for name, value in {**SETTINGS, **parted}.items():
            own = self.spark.conf.get(name, None)
            with suppress(Exception):  # some services let nobody set it, and so nobody has
                self.spark.conf.set(name, value)
                self._settings[name] = own
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.settle()

    def settle(self) -> None:
        """Give the session its settings back; what was found can still be read."""
        for name, value in self._settings.items():
            if value is None:
                self.spark.conf.unset(name)
            else:
                self.spark.conf.set(name, value)
        self._settings.clear()

    def close(self) -> None:
        """Give back what the run holds: its views, and what it kept."""
        with suppress(Exception):  # the session may be gone, and all of it with it
            self.settle()
            for view in self._views:
                self.spark.catalog.dropTempView(view)
            for frame in self._kept:
                _give_back(self.spark, frame)
        self._views.clear()
        self._kept.clear()


def _give_back(spark: "SparkSession", frame: "DataFrame") -> None:
    """Give back the rows of a checkpoint: of the workers' memory, or of the folder.

    Spark has no word for it: `unpersist` of the table itself does nothing. A server of Spark
    Connect does so once nobody asks for the table any more.
    """
    inner: Any = getattr(frame, "_jdf", None)
    if inner is None:
        return
    rows = inner.queryExecution().logical().rdd()
    rows.unpersist(False)  # noqa: FBT003 - of Java
    file = rows.getCheckpointFile()
    if file.isDefined():
        context: Any = spark.sparkContext
        path = context._jvm.org.apache.hadoop.fs.Path(file.get())  # noqa: SLF001 - as above
        path.getFileSystem(context._jsc.hadoopConfiguration()).delete(path, True)  # noqa: FBT003, SLF001


PARTITIONS = "spark.sql.shuffle.partitions"
SETTINGS = {
    # tables that are parted by audit need not be parted again by audit and row
    "spark.sql.requireAllClusterKeysForCoPartition": "false",
    # a hundred standards would send as many small tables to each worker, each with room for more
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    # what is parted already is not to be planned anew stage by stage
    "spark.sql.adaptive.enabled": "false",
    # a chain of projections makes more conditions than anybody could use
    "spark.sql.constraintPropagation.enabled": "false",
    # what a statement means: a backslash in a text, a number after GROUP BY, a cast that fails
    "spark.sql.parser.escapedStringLiterals": "false",
    "spark.sql.groupByOrdinal": "true",
    "spark.sql.ansi.enabled": "true",
}
