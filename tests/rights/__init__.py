"""Every address of the product as every role: the table of rights against what really happens.

`world` has one of everything in two provinces, `readers` everybody who may look, `walking` the walk
and what stands on the pages. Start reading at `test_walk`.
"""
