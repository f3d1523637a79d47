"""All posts of the demonstration: of the installation, the three conferences and the departments."""

from portal.demo import chengqiao_posts, department_posts, wangmao_posts, yuanqu_posts
from portal.demo.data_types import PostData, TenureData
from portal.demo.first_holders import START

_INSTALLATION = (
    PostData(
        key="auditor",
        title="审计员",
        kind="duty",
        role="auditor",
        tenures=(TenureData("shenji", "明鉴之", "审计员", START),),
    ),
    PostData(
        key="administrator",
        title="系统管理员",
        kind="duty",
        role="administrator",
        tenures=(TenureData("guanliyuan", "司维安", "系统管理员", START),),
    ),
)

POSTS = (
    *_INSTALLATION,
    *yuanqu_posts.POSTS,
    *chengqiao_posts.POSTS,
    *wangmao_posts.POSTS,
    *department_posts.POSTS,
)
