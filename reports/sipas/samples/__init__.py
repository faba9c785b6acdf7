"""Sampled surveys and the command: files, designs, sizes of samples, all figures of a file."""
