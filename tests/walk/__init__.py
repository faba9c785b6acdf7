"""Walks every address of the product in its languages, and looks for texts of another language.

`places` says what stands at the addresses, `reading` what a person reads there, `words` which of it
is English. Start reading at `test_vietnamese`.
"""
