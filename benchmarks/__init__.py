"""What is fast enough, measured: `python -m benchmarks.NAME`; the last line is one JSON object.

Each file here prepares a database of its own and runs the measure of the same name from
`benchmarks.measures` in it, in a fresh process, as the settings are read only once.
"""
