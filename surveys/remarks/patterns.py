"""What numbers, addresses and links look like in a plain text, and what looks like one but stays.

In this order: of several patterns that begin at the same place the first is taken. Names in
capitals are kinds of what is hidden; what others find stays, unless `labels` says otherwise.
"""

import re

from surveys.remarks.spelling import GAP

# Of all patterns.
LONGEST = 600

ALONE = r"(?!\d)(?![.\-:/]\d)"
DAY, MONTH, YEAR = "(?:0?[1-9]|[12]\\d|3[01])", "(?:0?[1-9]|1[0-2])", "(?:19|20)\\d\\d"
DATE = rf"(?:{DAY}[./\-]{MONTH}[./\-]{YEAR}|{YEAR}[./\-]{MONTH}[./\-]{DAY})"
UNIT = (
    r"\s?(?:đồng(?!\schí)|dong|đ|vnđ|vnd|nghìn|ngàn|ngan|triệu|trieu|tr|tỷ|tỉ|k|₫|usd|%"
    r"|m2|m²|ha|km|kg|mét)(?!\w)"
)
GROUPED = r"[1-9]\d{0,2}(?:\.\d{3}){1,9}(?:,\d{1,3})?"
IN_BRACKETS = r"(?:\((?=\+?\d{1,4}\)))?"
ANY = r"[^\d\0]{1,5}"  # also letters
CAPITAL = "(?-i:[A-ZĐ])"
START = r"(?<![^\W\d])"

# A run of digits ends where another thing begins.
OTHER = rf"(?!0\d{{9}}(?!\d)|{GROUPED}{UNIT}|{DATE})"
NUMBER = rf"\d(?:\d|{GAP}(?<!\d){OTHER}\d){{5,80}}"

DOT = (
    r"(?:\s{0,2}(?:[.*]|[(\[{]\s?(?:dot|chấm|cham|\.)\s?[)\]}])\s{0,2}"
    r"|[^\w\0]{1,3}(?:chấm|cham|dot)[^\w\0]{1,3})"
)
AT_WORD = "(?:at|@|a\\s?còng|a\\s?cong|a\\s?móc|a\\s?moc|a\\s?vòng)"
AT = (
    rf"(?:\s{{0,2}}(?:@|[(\[{{<]\s?{AT_WORD}\s?[)\]}}>])\s{{0,2}}"
    r"|[^\w\0]{1,3}(?:a\s?còng|a\s?cong|a\s?móc|a\s?vòng|at)[^\w\0]{1,3})"
)
NAME = r"[\w.+%\-]{1,64}+"
PROVIDER = "gmail|gờ ?mail|g mail|gmai|gmal|yahoo|hotmail|outlook|icloud"
DOMAIN = rf"(?:[\w\-]{{1,63}}(?:{DOT}[\w\-]{{1,63}}){{1,4}}|(?:{PROVIDER})(?!\w))"

SLASH = (
    r"\s{0,2}(?:[/\\]|(?<=\s)(?:xuyệt|xuyet|xẹt|xet|sẹt|slash|gạch chéo|gach cheo)(?=\s))\s{0,2}"
)
HOST = (
    r"(?:[\w\-]{1,63}\.){0,3}(?:zalo|fb|facebook|telegram|t|m|wa|ig|line|youtu|tiktok|messenger"
    rf"|instagram|youtube|twitter|linkedin|discord|threads){DOT}(?:me|com|be|gg|net|watch)"
)
MESSENGER = (
    "(?:fb|facebook|face|zalo|telegram|tele|tiktok|insta|instagram|ig|viber|skype|messenger"
    "|mess|line|whatsapp|wechat|youtube)"
)
OTHER_HOST = r"(?:[\w\-]{1,63}\.){1,4}(?:com|net|org|vn|me|io|info|gl|ly|gle|gg|co|app|page|site)"

# Of everybody, so of nobody.
KNOWN = r"(?:www\.)?(?:gmail|google|facebook|yahoo|youtube|zalo)\."

PATH = r"[^\s\0\[\]]{0,120}[^\s\0\[\].,;:!?)\"']"
SERIES = r"(?:[A-HK-NPR-VXYZ][0-9A-HK-NPR-VXYZ]?|MĐ\d?|TĐ)"
LAWS = "(?!QĐ|NĐ|TT|CT|CV|TB|UB|BB|KH|NQ|BC|TP|HĐ)"
LAW = r"(?:NĐ|QĐ|TT|NQ|CV|CT|TB) ?\d{1,4} ?(?:19|20)\d\d(?!\d)"
BEHIND_PLATE = r"(?:\d{3}(?:[^\w\0])?\d{2}|\d{4}|\d\.\d{2,3}\.\d{2})(?!\d)(?![.,]\d)"
BETWEEN = r"(?:[^\w\0]|_){0,3}"

PATTERNS = (
    (
        "DOSSIER",
        rf"(?:\d{{3}}\.\d\d\.\d\d\.)?{START}[A-Z]\d\d(?:[.\-]\d{{1,3}}){{0,4}}-\d{{6}}-\d{{4,6}}",
    ),
    (
        "EMAIL",
        rf"{NAME}(?:{DOT}{NAME}){{0,2}}{AT}{DOMAIN}"
        r"|[\w.+%]{1,64}+-at-\w{1,63}-dot-\w{2,10}",
    ),
    (
        "LINK",
        rf"(?:(?:viber|skype|zalo|tg|fb|whatsapp|tel|sms)://?|{START}{HOST}{SLASH})"
        rf"{PATH}(?:\s{{0,2}}/\s{{0,2}}{PATH}){{0,3}}"
        rf"|(?<!\w)@[\w.]{{2,39}}\w(?:@[\w.]{{0,39}}\w){{0,12}}"
        rf"|(?<!\w){MESSENGER}\s{{0,2}}[:=/]\s{{0,2}}/?(?!{HOST})(?=[\w.:\-]{{0,40}}[\d._]\w)"
        r"[^\W\d][\w.:\-]{1,40}\w"
        rf"|(?<!\w){MESSENGER}\s{{1,2}}(?=[a-z0-9]+[._])(?=[a-z._]*\d)[a-z0-9._]{{4,40}}[a-z0-9]",
    ),
    (
        "address",
        rf"https?://{PATH}|{START}{OTHER_HOST}/{PATH}"
        rf"|{START}(?!{KNOWN})(?:[a-z0-9\-]{{3,63}}\.){{1,4}}(?:com|net|vn)(?!\w)",
    ),
    (
        "PLATE",
        rf"[1-9]\d[\s.\-]{{0,3}}(?-i:{LAWS}{SERIES}){BETWEEN}{BEHIND_PLATE}"
        rf"|[1-9]\d[\s.\-]{{0,3}}{LAWS}{SERIES}{BETWEEN}\d{{3}}\.\d\d(?!\d)"
        rf"|{START}(?-i:[A-Z]{{2,3}})[\s\-]{{0,3}}\d{{4,5}}[\s\-]{{0,3}}TS(?!\w)",
    ),
    ("plate", rf"[1-9]\d[\s.\-]{{0,3}}{LAWS}{SERIES}{BETWEEN}{BEHIND_PLATE}"),
    ("procedure", r"[1-3]\.\d{6}(?:\.\d{3}\.\d\d\.\d\d(?:\.[A-Z]\d\d)?)?(?!\.?\d)"),
    (
        "date",
        rf"{DATE}(?:[ ,;\-]{{1,3}}{DATE}){{0,20}}{ALONE}"
        # with blanks only where no telephone number begins
        rf"|(?:[12]\d|3[01]) {MONTH} {YEAR}(?![ .\-]?\d{{3}}){ALONE}"
        rf"|{DAY}\s?(?:tháng|thang|/)\s?{MONTH}\s?(?:năm|nam|/)\s?{YEAR}{ALONE}"
        rf"|{DAY}/{MONTH}(?:[ ,;\-]{{1,3}}{DAY}/{MONTH}){{1,30}}{ALONE}",
    ),
    ("IDENTITY", r"0\d{11}(?!\d)|0\d{2}(?:[ .\-]\d{3}){3}(?!\d)|0\d{3}(?:[ .\-]\d{4}){2}(?!\d)"),
    (
        "PHONE",
        r"0(?:[3-9]\d{8}|[12]\d{9})(?!\d)"
        rf"|{IN_BRACKETS}(?:\+{GAP}|00{GAP})?84{GAP}(?:0{GAP})?"
        rf"(?:[35789](?:{GAP}\d){{8}}|2(?:{GAP}\d){{9}}){ALONE}"
        rf"|{IN_BRACKETS}0{GAP}(?:[3-9](?:{GAP}\d){{8}}|[12](?:{GAP}\d){{9}}){ALONE}"
        rf"|0[35789]\d\d{ANY}\d{{3}}(?:{ANY})?\d{{3}}(?!\d)|0[35789]\d{ANY}\d{{3}}{ANY}\d{{4}}(?!\d)"
        rf"|\+\d(?:{GAP}\d){{7,14}}",
    ),
    ("service", r"1[89]00(?:[ .\-]?\d){4}(?:(?:[ .\-]?\d){2})?(?![ .\-]?\d)"),
    (
        "money",
        rf"[1-9]\d{{0,2}}(?:[. ]\d{{3}}){{1,9}}(?:,\d{{1,9}})?{UNIT}|[1-9]\d{{0,29}}{UNIT}"
        rf"|[1-9]\d{{0,2}}(?:\.\d{{3}}){{0,9}}\.000{ALONE}"
        rf"|{GROUPED}(?:\s?[\-+=x]\s?{GROUPED}){{1,6}}{UNIT}",
    ),
    ("scale", r"1[/:]\d{2,6}(?:[,; ]{1,3}1[/:]\d{2,6}){1,9}(?!\d)"),
    ("time", rf"(?:[01]?\d|2[0-4])[.:hg][0-5]\d{ALONE}"),
    ("years", rf"{YEAR}(?:[ ,;\-/]{{1,3}}{YEAR}){{0,30}}(?![ .\-]?\d)"),
    # passports, health insurance, certificates of land
    (
        "IDENTITY",
        rf"{START}{CAPITAL}[ .\-]?(?:\d{{7,8}}|\d{{3}} \d{{4}})(?!\d)(?!{UNIT})"
        rf"|(?!{LAW}){START}{CAPITAL}{{2}}[ .\-]?(?:\d(?: ?\d){{5,13}})(?!\d)(?!{UNIT})"
        rf"|\d\d{CAPITAL}\d{{6,8}}(?!\d)",
    ),
    ("NUMBER", rf"{NUMBER}(?!\d)"),
)
# Which alternative matched is the number behind the name of its group.
READER = re.compile(
    "|".join(
        rf"(?P<{name}_{number}>(?<!\d){pattern if '|' not in pattern else f'(?:{pattern})'})"
        for number, (name, pattern) in enumerate(PATTERNS)
    ),
    re.IGNORECASE,
)
