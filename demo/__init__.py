"""What `make demo` shows: simulated responses and dossiers, the figures made of them, accounts.

Installed where SIMULATION is on, so it does not travel to a province's system. It may use every
room below it and nothing uses it. Start reading at `responses`; `simulation` draws the people.
"""
