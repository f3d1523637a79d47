"""The departments of the three conferences. Office telephones, heads and liaisons are invented."""

from portal.demo.data_types import DepartmentData

GOVERNMENT, UNION = "government", "union"


def _county(
    name: str, line: int, head: tuple[str, str], liaison: str, *, side: str = GOVERNMENT, former_name: str = ""
) -> DepartmentData:
    return DepartmentData(name, f"0359-55501{line:02}", {"yuanqu": side}, head, liaison, former_name)


def _town(name: str, line: int, head: tuple[str, str], liaison: str, *, side: str = GOVERNMENT) -> DepartmentData:
    return DepartmentData(name, f"021-555002{line:02}", {"chengqiao": side}, head, liaison)


def _township(name: str, line: int, head: tuple[str, str], liaison: str, *, side: str = GOVERNMENT) -> DepartmentData:
    return DepartmentData(name, f"0359-555030{line}", {"wangmao": side}, head, liaison)


DEPARTMENTS = (
    _county("县政府办", 1, ("县政府办公室主任", "樊立言"), "来晓溪"),
    _county("县总工会", 2, ("县总工会常务副主席", "卫兰亭"), "关雪梅", side=UNION),
    _county("县财政局", 3, ("县财政局局长", "董维桢"), "邢子墨"),
    _county("县人社局", 4, ("县人社局局长", "祁仲元"), "解春晓"),
    _county("县自然资源局", 5, ("县自然资源局局长", "廉守田"), "畅思源"),
    _county("县住建局", 6, ("县住建局局长", "成广厦"), "薄一舟"),
    _county("县税务局", 7, ("县税务局局长", "柴仲平"), "相如月"),
    _county("县卫健局", 8, ("县卫健局局长", "乔杏林"), "荆半夏", former_name="县卫计局"),
    _county("县应急局", 9, ("县应急局局长", "席安澜"), "原守望"),
    _county("县信访局", 10, ("县信访局局长", "暴云舒"), "南知秋"),
    _county("县市场监管局", 11, ("县市场监管局局长", "令狐衡"), "谭一诺"),
    _county("县交通局", 12, ("县交通局局长", "路远征"), "车晓川"),
    _county("县医保局", 13, ("县医保局局长", "安康宁"), "仇雪晴"),
    _county("县司法局", 14, ("县司法局局长", "平正宽"), "律雅文"),
    _county("县公安局", 15, ("县公安局副局长", "戎卫疆"), "毋亦凡"),
    _county("县教育局", 16, ("县教育局局长", "师道恒"), "文书瑶"),
    _town("镇党政办", 1, ("镇党政办主任", "倪书恒"), "葛青川"),
    _town("镇总工会", 2, ("镇总工会专职副主席", "黄佩兰"), "卞秋实", side=UNION),
    _town("镇经济发展办", 3, ("镇经济发展办主任", "宋启航"), "汤嘉木"),
    _town("镇司法所", 4, ("镇司法所所长", "樊秉直"), "季清言"),
    _town("镇社区事务受理服务中心", 5, ("镇社区事务受理服务中心主任", "袁敏之"), "姚映雪"),
    _town("镇城建部门", 6, ("镇城建中心主任", "瞿建章"), "管一鸣"),
    _town("镇财政所", 7, ("镇财政所所长", "秦若谷"), "钱书宁"),
    _town("镇市场监管所", 8, ("镇市场监管所所长", "俞公允"), "邵子衿"),
    _town("镇安全管理部门", 9, ("镇安全管理办公室主任", "徐长安"), "杜惟谨"),
    _town("镇平安办", 10, ("镇平安办主任", "蔡定安"), "岳明朗"),
    _township("王茅镇党政办", 1, ("党政办主任", "贾正言"), "程一帆"),
    _township("王茅镇总工会", 2, ("镇总工会副主席", "雷映红"), "孟晚晴", side=UNION),
    _township("王茅镇应急办", 3, ("镇应急办主任", "高守安"), "梁思危"),
    _township("王茅镇社会事务办", 4, ("镇社会事务办主任", "田桂兰"), "温知夏"),
    _township("王茅镇财政所", 5, ("镇财政所所长", "常有余"), "金算子"),
)
