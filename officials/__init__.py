"""What signed-in officials see."""
