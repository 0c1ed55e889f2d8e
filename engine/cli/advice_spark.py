"""What to do about each problem of Apache Spark."""

SPARK = {
    "S100": "Type `pip install 'practice-audit[spark]'`, in a checkout `.venv/bin/pip install "
    "--editable '.[spark]'`. It is a download of some 450 MB; without it `--engine local` scores "
    "batches of any size on this machine.",
    "S101": "Install a version of `pyspark` from 4.0 up, below 5: the one that the cluster runs.",
    "S102": "Install Java 17 or 21; on Debian and Ubuntu `apt install openjdk-17-jre-headless`. If "
    "it is installed in a place of its own, let the variable JAVA_HOME name that.",
    "S103": "Install Java 17 or 21, and let the variable JAVA_HOME name it where there are "
    "several. `java -version` says which one is found first.",
    "S104": "Check the address, which the master's own page shows at its top (spark://host:7077), "
    "and whether a firewall lies between. A master that refuses a run says why in its log; the "
    "usual reason is another version of Apache Spark.",
    "S105": "Look at the master's page: are there workers, and have they free cores and memory? "
    "Another run may hold them all: wait for its end, or ask for less with "
    "SPARK_EXECUTOR_MEMORY=512m.",
    "S106": "Install the version of `pyspark` that the cluster runs. Workers need no Python of "
    "their own, whichever version.",
    "S107": "Write `spark://host:7077` for a standalone cluster, `yarn` or `k8s://…` for those, "
    "and `local[*]` or nothing for this machine alone.",
    "S108": "Give it more memory: SPARK_DRIVER_MEMORY=8g for this machine and "
    "SPARK_EXECUTOR_MEMORY=4g for each worker, set before the command. Or score the batch in "
    "several folders; or with `--engine local`, which works in slices and needs less.",
    "S109": "Make room on the disk of this machine or of the worker, or let SPARK_LOCAL_DIRS name "
    "a folder for temporary files on another disk. Nothing unfinished is left in the folder of "
    "the results.",
    "S110": "Check that the file is whole, and that every worker sees the folder of the batch, and "
    "that of the results, at the same path: a disk that all of them share.",
    "S111": "Write the batch anew with `audit import` and `--format parquet`, which gives every "
    "column the type of the dictionary.",
    "S112": "Give a folder with `--out` that every worker sees at the same path: a disk that all "
    "of them share.",
    "S113": "The log that is named says more. If it seems to be a fault of this program, send it "
    "to whoever looks after it; no row of a batch stands in it, but names of files may.",
    "S120": "Leave one of the two out, as the message says.",
}
