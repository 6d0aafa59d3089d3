"""The ballots' sum of one update in another program: `rochdale bench peers` starts one of these for each way.

    python3 peers.py FOLDER WAY        WAY: duckdb, polars, duckdb-beside, polars-beside

Reads FOLDER/{ballots,weights,scores}.csv into memory, writes the sums to FOLDER/WAY.csv, and says `ready VERSION`. Then each line
on its input is one run, whose wall and processor time in nanoseconds are its answer. One thread. Exit 3: not installed.

A ballot's votes are ⌊√(weight × share)⌋, on candidates times the score, rounded down; the sums are by decision, target and side.
Ballots with and without scores are tables of their own, columns are as narrow as they can be, and the queries are the fastest of
those that were tried. The weight is looked up by member in each run, because an update has made others; `beside` spares the program
that: each ballot has its weight in its own row, as no co-op can keep it.
"""

import os
import sys
import time

os.environ["POLARS_MAX_THREADS"] = "1"


def duckdb_sum(folder, beside):
    import duckdb

    db = duckdb.connect()
    db.execute("SET threads TO 1")
    for table in ("ballots", "weights", "scores"):
        db.execute(f"CREATE TABLE {table} AS FROM read_csv('{folder}/{table}.csv', header = true)")
    db.execute("CREATE TABLE weight AS SELECT member::UINTEGER AS member, weight_micro FROM weights ORDER BY member")
    own = "weight_micro" if beside else "member::UINTEGER AS member"
    columns = f"decision::USMALLINT AS decision, {{}}::UINTEGER AS target, against::BOOL AS against, share_ppm, {own}"
    db.execute(f"CREATE TABLE whole AS SELECT {columns.format('target')} FROM ballots JOIN weights USING (member) "
               "WHERE scored = 0 ORDER BY ballot")
    db.execute(f"CREATE TABLE parts AS SELECT {columns.format('candidate')}, score_ppm FROM ballots JOIN scores USING (ballot) "
               "JOIN weights USING (member) WHERE scored = 1 ORDER BY ballot")
    weighed = "" if beside else "JOIN weight USING (member)"
    votes = "CAST(floor(sqrt(weight_micro * share_ppm)) AS BIGINT)"
    query = f"""
        SELECT decision, target, against, sum({votes}) FROM whole {weighed} GROUP BY ALL
        UNION ALL
        SELECT decision, target, against, sum({votes} * score_ppm // 1000000) FROM parts {weighed} GROUP BY ALL
    """
    return duckdb.__version__, lambda: db.execute(query).fetchall()


def polars_sum(folder, beside):
    import polars as pl

    kinds = {"member": pl.UInt32, "decision": pl.UInt16, "target": pl.UInt32, "candidate": pl.UInt32, "against": pl.UInt8}
    read = lambda table: pl.read_csv(f"{folder}/{table}.csv", schema_overrides=kinds)
    ballots, weights, scores = read("ballots"), read("weights"), read("scores")
    col = pl.col
    if beside:
        ballots = ballots.join(weights, on="member", maintain_order="left")
    whole = ballots.filter(col("scored") == 0).drop("ballot", "scored")
    parts = ballots.filter(col("scored") == 1).drop("target").join(scores, on="ballot").rename({"candidate": "target"})
    votes = (col("weight_micro") * col("share_ppm")).sqrt().floor().cast(pl.Int64)

    def summed(table, votes):
        weighed = table.lazy() if beside else table.lazy().join(weights.lazy(), on="member")
        return weighed.group_by("decision", "target", "against").agg(votes.sum().alias("votes"))

    query = pl.concat([summed(whole, votes), summed(parts, votes * col("score_ppm") // 1_000_000)])
    return pl.__version__, lambda: query.collect().rows()


def main():
    folder, way = sys.argv[1:]
    name, _, beside = way.partition("-")
    try:
        version, run = {"duckdb": duckdb_sum, "polars": polars_sum}[name](folder, beside)
    except ImportError:
        sys.exit(3)
    with open(f"{folder}/{way}.csv", "w") as sums:
        sums.writelines(",".join(str(int(cell)) for cell in row) + "\n" for row in run())
    print("ready", version, flush=True)
    for _ in sys.stdin:
        wall, processor = time.perf_counter_ns(), time.process_time_ns()
        run()
        print(time.perf_counter_ns() - wall, time.process_time_ns() - processor, flush=True)


main()
