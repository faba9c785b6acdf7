"""What is fast enough, measured: `python -m benchmarks NAME`; the last line is one JSON object.

Each name is a file of `benchmarks.measures`. It gets a database of its own and a fresh process, as
the settings are read only once.
"""
