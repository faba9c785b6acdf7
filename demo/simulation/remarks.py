"""Things people might write. Invented here; no remark of a real person."""

import numpy as np

HAPPY = (
    "Cán bộ hướng dẫn tận tình, dễ hiểu. Cảm ơn.",
    "Làm nhanh, chưa tới mười phút là xong.",
    "Tôi lớn tuổi, không rành máy móc, được các cháu chỉ từng bước. Rất hài lòng.",
    "Trả kết quả trước hẹn một ngày.",
    "Thái độ vui vẻ, lịch sự. Mong giữ vững.",
    "Phòng chờ mát, sạch sẽ, có nước uống.",
    "Nộp hồ sơ trên mạng rồi chỉ ra lấy kết quả, đỡ mất công đi lại.",
    "Chỗ để xe rộng, dễ tìm quầy.",
    "Các em đoàn viên hỗ trợ quét mã rất nhiệt tình.",
    "Nên thêm ghế ngồi chờ vào sáng thứ Hai, còn lại đều tốt.",
)
UNHAPPY = (
    "Chờ lâu quá, lấy số từ 8 giờ mà gần 11 giờ mới tới lượt.",
    "Phải đi lại ba lần mới đủ giấy tờ, lần nào cũng thiếu một thứ khác.",
    "Hồ sơ đất trễ hẹn hai tuần, không ai gọi báo.",
    "Mạng bị lỗi hoài, phải về chờ chiều quay lại.",
    "Cán bộ nói chuyện cộc lốc, hỏi thêm thì khó chịu.",
    "Gửi phản ánh từ tháng trước tới giờ chưa thấy trả lời.",
    "Máy lấy số hư, bà con chen nhau trước quầy.",
    "Sau khi sáp nhập phải đi xa hơn, không biết nộp ở đâu.",
    "Bảng niêm yết chữ nhỏ, người già không đọc được.",
    "Buổi trưa đông mà chỉ có một quầy làm việc.",
    "Hướng dẫn không thống nhất, mỗi người nói một kiểu.",
)
ENGLISH = (
    "The officer was helpful but there were no instructions in English.",
    "Quick and friendly service.",
)


def write_remark(happy: bool, language: str, rng: np.random.Generator) -> str:
    """One remark, in Vietnamese or English; people who answer in Khmer here write Vietnamese."""
    choice = ENGLISH if language == "en" else HAPPY if happy else UNHAPPY
    return choice[int(rng.integers(len(choice)))]
