"""All meetings of the demonstration, ordered by date."""

from portal.demo import (
    chengqiao_2022,
    chengqiao_2023,
    chengqiao_2024,
    chengqiao_2025,
    wangmao_2025,
    yuanqu_2022,
    yuanqu_2023,
    yuanqu_2024,
    yuanqu_2025,
    yuanqu_2026,
)

MEETINGS = (
    chengqiao_2022.MEETING,
    yuanqu_2022.MEETING,
    chengqiao_2023.MEETING,
    yuanqu_2023.MEETING,
    chengqiao_2024.SPECIAL_MEETING,
    yuanqu_2024.MEETING,
    chengqiao_2024.MEETING,
    wangmao_2025.MEETING,
    chengqiao_2025.MEETING,
    yuanqu_2025.MEETING,
    yuanqu_2026.MEETING,
)
