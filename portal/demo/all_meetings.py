"""All sittings in the order of their days."""

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

SITTINGS = (
    chengqiao_2022.SITTING,
    yuanqu_2022.SITTING,
    chengqiao_2023.SITTING,
    yuanqu_2023.SITTING,
    chengqiao_2024.SPECIAL,
    yuanqu_2024.SITTING,
    chengqiao_2024.SITTING,
    wangmao_2025.SITTING,
    chengqiao_2025.SITTING,
    yuanqu_2025.SITTING,
    yuanqu_2026.SITTING,
)
