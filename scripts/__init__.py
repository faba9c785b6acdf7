"""Programs a developer runs by hand; the product never does."""
