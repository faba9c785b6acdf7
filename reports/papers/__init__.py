"""Reports that officials take away: one place in one closed period, as PDF and as XLSX.

It gathers what `reports.showing` lets this reader see, once, and writes it twice; it knows no HTTP
and no number that a page does not show. Start reading at `contents`.
"""

__all__ = ["contents", "gathering", "keeping", "kinds", "listing", "pdf", "xlsx"]
