"""What a response is to arithmetic: its layout, counts that add up, many cells at once."""
