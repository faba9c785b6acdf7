"""Khmer in Việt Nam: dates and numbers as the dossiers and receipts here print them.

Digits 0 to 9, day first, decimal comma. CLDR (as in Babel 2.18) has 0 to 9 too, but 1,234.5;
Django's own `km` has 1.234,5 as here. Formal Cambodian texts use ០ to ៩ and name the month. What
Khmer readers in Việt Nam expect is unconfirmed (docs/languages.md); separators as on the Vietnamese
page cannot be misread a thousandfold.
"""

DATE_FORMAT = "d/m/Y"
SHORT_DATE_FORMAT = "d/m/Y"
DATETIME_FORMAT = "H:i d/m/Y"
SHORT_DATETIME_FORMAT = "H:i d/m/Y"
TIME_FORMAT = "H:i"
YEAR_MONTH_FORMAT = "m/Y"
MONTH_DAY_FORMAT = "d/m"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
