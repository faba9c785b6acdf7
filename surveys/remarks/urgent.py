"""Words for which a remark is read first: of bribery, and of danger to people.

A list and no judge: it moves a remark up in two lists and changes nothing else. Whoever reads
decides. It is meant to miss little, so it is wrong now and then the other way; both rates are
those of `tests/surveys/remarks/urgent_remarks.py`.

Words are compared without case. One of the list is met by the same word, and by the same without
any diacritics, because many people type none; never by one with others: "đánh" is met by "danh",
and not by "dành".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from offices.letters import composed
from offices.names import plain
from surveys.models import Remark

__all__ = ["Concern", "Word", "concerns_of", "look_for_urgent"]


class Concern(Enum):
    """What a remark may speak of."""

    BRIBERY = "bribery"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Word:
    """Words in a row, lower case. unless: what is taken out first, as it means something else.

    bare: whether they also count without diacritics; not where that is an everyday word.
    """

    words: str
    unless: tuple[str, ...] = ()
    bare: bool = True


# What is asked for beside the fee. Envelopes hold papers as well, and training is bồi dưỡng too.
BRIBERY = (
    Word("hối lộ"),
    Word("đút lót"),
    Word("lót tay"),
    Word("vòi vĩnh"),
    Word("vòi tiền"),
    Word("vòi thêm"),
    Word("chung chi"),
    Word("chung tiền"),
    Word("tiền trà nước"),
    Word("cho tiền cà phê"),
    Word("đưa tiền cà phê"),
    Word("xin tiền cà phê"),
    Word("gửi tiền cà phê"),
    Word("tiền bôi trơn"),
    Word("bôi trơn"),
    Word("lại quả", bare=False),  # lai qua: "lại quá"
    Word("hoa hồng cho cán bộ"),
    Word("tham nhũng"),
    Word("tiêu cực phí"),
    Word("nhũng nhiễu"),
    Word("hạch sách"),
    Word("làm tiền"),
    Word("ăn tiền"),
    Word("ăn chặn"),
    Word("nhận tiền riêng"),
    Word("đòi tiền", unless=("đổi tiền lẻ", "đổi tiền mặt")),
    Word("đòi thêm tiền"),
    Word("đòi quà"),
    Word("đòi đưa"),
    Word("gợi ý đưa"),
    Word("gợi ý tiền"),
    Word("gợi ý bồi dưỡng"),
    Word("ép đưa tiền"),
    Word("đưa tiền mới"),
    Word("đưa tiền thì"),
    Word("đưa tiền cho"),
    Word("kẹp tiền"),
    Word("dúi tiền"),
    Word("ngoài biên lai"),
    Word("không có biên lai"),
    Word("không biên lai"),
    Word("chạy tiền"),
    Word("cò mồi"),
    Word("cò hồ sơ"),
    Word("cò đất"),
    Word("cò giấy tờ"),
    Word(
        "phong bì",
        unless=(
            "phong bì hồ sơ",
            "phong bì đựng",
            "phong bì dán tem",
            "phong bì thư",
            "phong bì bưu điện",
            "phong bì trả kết quả",
            "mua phong bì",
            "bán phong bì",
            "in phong bì",
            "phong bì giấy",
        ),
    ),
    Word(
        "bồi dưỡng",
        unless=(
            "lớp bồi dưỡng",
            "bồi dưỡng nghiệp vụ",
            "bồi dưỡng kỹ năng",
            "bồi dưỡng cán bộ",
            "bồi dưỡng kiến thức",
            "bồi dưỡng chuyên môn",
            "tập huấn bồi dưỡng",
            "đào tạo bồi dưỡng",
            "bồi dưỡng thêm nghiệp vụ",
            "bồi dưỡng nâng cao",
            "bồi dưỡng chính trị",
            "bồi dưỡng giáo viên",
            "chứng chỉ bồi dưỡng",
        ),
    ),
    Word("bribe"),
    Word("bribes"),
    Word("bribery"),
    Word("under the table"),
    Word("asked for money"),
    Word("extra money"),
)
# Harm to somebody that is done, threatened or feared, and what may kill.
DANGER = (
    Word("đe dọa", unless=("không đe dọa",)),
    Word("đe doạ"),
    Word("hăm dọa"),
    Word("hăm doạ"),
    Word("dọa đánh"),
    Word("doạ đánh"),
    Word("dọa giết"),
    Word("doạ giết"),
    Word("tự tử", bare=False),  # tu tu: "từ từ"
    Word("muốn tự tử"),
    Word("sẽ tự tử"),
    Word("tự sát"),
    Word("tự vẫn"),
    Word("không muốn sống"),
    Word("chết cho xong"),
    Word("hành hung"),
    Word("bạo hành"),
    Word("bạo lực"),
    Word("xâm hại"),
    Word("quấy rối"),
    Word("sàm sỡ"),
    Word("hiếp dâm"),
    Word("đánh đập"),
    Word("đánh người"),
    Word("đánh nhau"),
    Word("đánh dân"),
    Word("đánh tôi"),
    Word("đánh vợ"),
    Word("đánh con"),
    Word(
        "bị đánh",
        unless=("bị đánh dấu", "bị đánh giá", "bị đánh rơi", "bị đánh mất", "bị đánh máy"),
        bare=False,  # bi danh: an alias
    ),
    Word("xô đẩy"),
    Word("xô xát"),
    Word("ẩu đả"),
    Word("đâm chém"),
    Word("cầm dao"),
    Word("mang dao"),
    Word("giết người"),
    Word("cháy nổ"),
    Word("bốc cháy"),
    Word("hỏa hoạn"),
    Word("hoả hoạn"),
    Word("chập điện"),
    Word("rò điện"),
    Word("điện giật"),
    Word("giật điện"),
    Word("dây điện hở"),
    Word("hở điện"),
    Word("khét", bare=False),
    Word("mùi khét"),
    Word("rò gas"),
    Word("sập trần"),
    Word("sập la phông"),
    Word("rơi trần"),
    Word("ngất xỉu"),
    Word("cấp cứu"),
    Word("ngộ độc"),
    Word("threatened"),
    Word("suicide"),
    Word("kill myself"),
    Word(
        "cháy",
        unless=(
            "cháy máy",
            "bán cháy",
            "cháy hàng",
            "cháy túi",
            "cháy mực",
            "phòng cháy",
            "chữa cháy",
        ),
        bare=False,  # chay: without meat, or "chạy" of whoever types no marks
    ),
)
LISTS = {Concern.BRIBERY: BRIBERY, Concern.DANGER: DANGER}
_SIGNS = re.compile(r"[^\w]+|_+")


def concerns_of(text: str) -> frozenset[Concern]:
    """What a remark may speak of, by the list; empty for nearly all."""
    said = f" {' '.join(_SIGNS.sub(' ', composed(text).casefold()).split())} "
    return frozenset(
        concern
        for concern, listed in _PATTERNS.items()
        if any(_stands(one, said) for one in listed)
    )


def _stands(word: tuple[re.Pattern[str], re.Pattern[str] | None], said: str) -> bool:
    pattern, unless = word
    return bool(pattern.search(unless.sub(" | ", said) if unless else said))


def _pattern(words: Iterable[str], *, bare: bool = True) -> re.Pattern[str]:
    """Any of these between blanks, each word of them with its marks or, where `bare`, with none."""
    ways = (
        " ".join(
            f"(?:{re.escape(one)}|{re.escape(plain(one))})" if bare else re.escape(one)
            for one in given.split()
        )
        for given in words
    )
    return re.compile(f"(?<= )(?:{'|'.join(ways)})(?= )")


_PATTERNS = {
    concern: [
        (_pattern([one.words], bare=one.bare), _pattern(one.unless) if one.unless else None)
        for one in listed
    ]
    for concern, listed in LISTS.items()
}


def look_for_urgent(office_id: int | None = None) -> int:
    """Marks the remarks that wait and have such words, of an office or all; returns how many.

    Run twice it changes nothing; a longer list finds what waited before it was longer.
    """
    waiting = Remark.objects.filter(
        released_on__isnull=False,
        urgent=False,
        state__in=(Remark.State.NEW, Remark.State.ASSIGNED, Remark.State.REOPENED),
    )
    if office_id is not None:
        waiting = waiting.filter(office=office_id)
    said = waiting.values_list("key", "text").iterator()
    keys = [key for key, text in said if concerns_of(text)]
    return Remark.objects.filter(key__in=keys).update(urgent=True) if keys else 0
