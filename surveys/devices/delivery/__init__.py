"""Answers that were kept on a device, sealed for us alone, and are delivered later."""
