"""What `make demo` shows: simulated responses, the figures made of them, and accounts."""
