"""DuckDB merely counts the queries in an access log: `python -m benchmarks.count_queries FILE`. It masks and keeps nothing."""

from __future__ import annotations

import sys

import duckdb

COUNT = """
SELECT count(*), sum(asked)::BIGINT FROM (
    SELECT count(*) AS asked
    FROM read_csv(?, columns = {'line': 'VARCHAR'}, delim = '\x01', header = false, quote = '', escape = '', auto_detect = false)
    WHERE contains(line, 'GET /zoeken?q=')
    GROUP BY regexp_extract(line, 'GET /zoeken\\?q=([^ &]*)', 1)
)
"""

if __name__ == "__main__":
    print(*duckdb.execute(COUNT, [sys.argv[1]]).fetchall()[0])
