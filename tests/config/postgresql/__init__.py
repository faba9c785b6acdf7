"""Our database backend, on the real server."""
