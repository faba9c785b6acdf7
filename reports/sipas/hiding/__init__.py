"""What must not be shown: batches, the gate for figures, details and tables beside others."""
