"""What offices and units are to reach in a year, set by whoever stands above them.

It may use offices and the models; figures are compared with targets further up. Start reading at
`setting`.
"""

__all__ = ["setting"]
