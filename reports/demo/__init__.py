"""What `make demo` shows: simulated responses and dossiers, the figures made of them, accounts."""
