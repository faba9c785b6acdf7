"""Terms of two and more syllables that no line breaks apart: "xử lý", never "xử" and then "lý".

Vietnamese writes a space between syllables, so a browser breaks anywhere within a word. Only what
is shown changes; what is stored, counted and printed of a questionnaire keeps its exact text.
"""

import re

BLANK = "\N{NO-BREAK SPACE}"
TERMS = (
    "bình thường",
    "biển chỉ dẫn",
    "chính xác",
    "công bằng",
    "công chức",
    "công khai",
    "cơ quan",
    "dễ dàng",
    "dễ hiểu",
    "dịch vụ",
    "đầy đủ",
    "giải quyết",
    "giấy tờ",
    "hài lòng",
    "hành chính",
    "hồ sơ",
    "hướng dẫn",
    "kết quả",
    "kiến nghị",
    "kịp thời",
    "lắng nghe",
    "lệ phí",
    "lịch sự",
    "mức độ",
    "năng lực",
    "người dân",
    "niêm yết",
    "phản ánh",
    "phục vụ",
    "quy định",
    "quy trình",
    "rõ ràng",
    "tận tình",
    "thái độ",
    "thành phần",
    "thân thiện",
    "thoải mái",
    "thông báo",
    "thông tin",
    "thời gian",
    "thời hạn",
    "thủ tục",
    "thuận tiện",
    "tiếp cận",
    "tiếp nhận",
    "tổ chức",
    "trả lời",
    "trang thiết bị",
    "trách nhiệm",
    "trung tâm",
    "xử lý",
    "yêu cầu",
)
_ANY = re.compile(rf"\b(?:{'|'.join(TERMS)})\b", re.IGNORECASE)


def unbroken(text: str) -> str:
    """The text with its terms held together."""
    return _ANY.sub(lambda found: found[0].replace(" ", BLANK), text)
