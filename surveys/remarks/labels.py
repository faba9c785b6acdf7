"""What the words before a number say about it."""

import re

# So many letters before a number are looked at.
BEFORE = 40

# Anything but another number or sentence may stand between these words and the number.
_BETWEEN = r"[^\d\0\[\].!?;\n]{0,18}"
_LABEL = re.compile(
    r"(?<!\w)(?:cccd|cmnd|cmt|cmtnd|căn cước|can cuoc|chứng minh|chung minh|định danh|dinh danh"
    r"|hộ chiếu|ho chieu|passport|gplx|blx|bằng lái|bang lai|giấy phép lái|giay phep lai"
    r"|mst|mã số thuế|ma so thue|bhxh|bhyt|thẻ bảo hiểm|stk|tài khoản|tai khoan|tk|số thẻ|so the"
    r"|sđt|sdt|đt|dt|điện thoại|dien thoai|phone|tel|zalo|viber|di động|di dong|đuôi|duoi"
    r"|phát hành|phat hanh|seri|sê ri|vào sổ|vao so|mã hồ sơ|ma ho so|số hồ sơ|so ho so)"
    rf"(?!\w){_BETWEEN}\Z",
    re.IGNORECASE,
)
_BORN = re.compile(
    r"(?<!\w)(?:(?:(?P<before>[^\W\d_]+)\s+)?sinh(?:\s(?:nhật|nhat))?|sn|ns|ntns|dob|born"
    r"|date of birth|birthday|năm sinh|nam sinh)"
    r"[\s:.\-(=]{0,4}(?:(?:ngày|ngay|tháng|thang|năm|nam|vào|vao|là|la|on|of)[\s:.\-(=]{1,4}){0,4}\Z",
    re.IGNORECASE,
)
# A form of "sinh" that is nobody's birth.
_NO_BIRTH = frozenset(
    ("khai", "phát", "phat", "vệ", "ve", "học", "hoc", "thí", "thi", "hộ", "ho", "hy", "nữ")
)
_VEHICLE = re.compile(
    r"(?<!\w)(?:xe|biển|bien|bs|bsx|bks|biển số|bien so|ô tô|oto|ôtô|honda|mô tô|moto)"
    rf"(?!\w){_BETWEEN}\Z",
    re.IGNORECASE,
)


def says_number(before: str) -> bool:
    """Whether these words announce a number of a person: its card, account, telephone, paper."""
    return bool(_LABEL.search(before[-BEFORE:]))


def says_birth(before: str) -> bool:
    """Whether these words announce a date of birth."""
    found = _BORN.search(before[-BEFORE:])
    return found is not None and (found["before"] or "").lower() not in _NO_BIRTH


def says_vehicle(before: str) -> bool:
    """Whether these words announce a plate."""
    return bool(_VEHICLE.search(before[-BEFORE:]))
