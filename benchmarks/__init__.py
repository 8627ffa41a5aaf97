"""What stashsync costs, each number as a ratio to a floor that is measured in the same run.

    harness     cases, their measurement in processes of their own, the table
    worker      one measurement: the process that the harness starts
    data        invented libraries: as manifests, and as the rows that a server would send
    instant     a server that answers at once, from files
    bench_*     the cases, package by package

`python -m benchmarks [NAME …] [--write]` runs them; docs/benchmarks.md tells more.
"""
