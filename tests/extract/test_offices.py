"""Offices: the same key over provinces and the reform of 2018, and none for what is not known."""

import pytest

from tongbao.extract.offices import agency_of

# The offices of the five circulars, as they print them.
IN_THE_WILD = {
    "司法": "省司法厅 区司法局 大亚湾司法局",
    "住房城乡建设": "省住房城乡建设厅 区住建局 大亚湾住房和规划建设局",
    "生态环境": "省环境保护厅 省生态环境厅 区环保局 大亚湾环境保护局",
    "人力资源社会保障": "省人力资源社会保障厅 省人社厅 区人社局 大亚湾人力资源和社会保障局",
    "社会保险": "省社保基金管理局 区社保局 大亚湾社会保险基金管理局",
    "社会事务管理": "区社管局 大亚湾社会事务管理局",
    "卫生健康": "省卫生计生委 省卫生健康委 卫计局 区卫计局 大亚湾卫生和计划生育局",
    "应急管理": "省安全监管局 省应急厅 区安监局 大亚湾安全生产监督管理局",
    "自然资源": "省国土资源厅 省自然资源厅 国土局 规划局 惠州市国土资源局大亚湾经济技术开发区分局",
    "市场监管": "省工商局 省质监局 省食品药品监管局 区市场监督管理局",
    "工业和信息化": "省经济和信息化委 省工信厅",
    "发展改革": "省发展改革委 市发改委",
    "文化和旅游": "省文化厅 省旅游局 省文旅厅 区旅游局",
    "城市管理": "区执法局 大亚湾城市管理行政执法局",
    "公共资源交易": "省公共资源交易中心 惠州市公共资源交易中心大亚湾分中心",
    "工业贸易": "区工贸局 大亚湾工业贸易发展局 区工贸局(网上办事大厅大亚湾分厅)",
    "海防打私": "省海防打私办 区海防与打私办",
    "发展研究": "省府发展研究中心",
    "国有资产监管": "省国资委 省政府国资委",
    "外事": "省外办 省政府外事办",
    "民族宗教": "省民族宗教委 省民委",
    "粮食和物资储备": "省粮食局 粮食局 省粮食和储备局",
    "财政投资评审": "市政府财政投资项目评审中心",
    "城市改造": "市城改办",
    "盐务": "市盐务局",
    "档案": "省档案局（馆） 省档案局(馆)",
    "供销": "省供销社 “江苏省供销合作总社”网",
    "广播电视": "省新闻出版广电局 省广电局",
    "纪检监察": "区纪委监察局",
}
MADE_UP = {
    "司法": "自治区司法厅 州司法局 和平区司法局 虚构市司法局 虚构新区司法局",
    "市场监管": "市场监管局 市监局 县市场监督管理局",
    "乡村振兴": "省扶贫办 县扶贫开发办公室",
    "数据": "省大数据局 市数据局",
    "住房城乡建设": "自治区住房和城乡建设厅 市住房城乡建设委员会",
}
NO_OFFICE = [
    "深圳市",
    "洛川县",
    "澳头街道办",
    "大亚湾西区街道办",
    "“江苏政府采购”网",
    "体育中心",
    "文化馆",
    "教育学院",
    "市政管理局",
    "建设银行",
    "司法",
    "局",
    "",
    "省直单位",
    "网上办事大厅大亚湾分厅",
    "公安局交警分局",
]


def pairs(table: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, key) for key, names in table.items() for name in names.split()]


@pytest.mark.parametrize(("name", "key"), pairs(IN_THE_WILD))
def test_offices_of_the_five_circulars(name: str, key: str) -> None:
    agency = agency_of(name)
    assert agency is not None and agency.key == key


@pytest.mark.parametrize(("name", "key"), pairs(MADE_UP))
def test_offices_met_elsewhere(name: str, key: str) -> None:
    agency = agency_of(name)
    assert agency is not None and agency.key == key


@pytest.mark.parametrize("name", NO_OFFICE)
def test_no_guess(name: str) -> None:
    assert agency_of(name) is None


@pytest.mark.parametrize(
    ("name", "office", "relation"),
    [
        ("省工商局", "工商行政管理", "merge"),
        ("省法制办", "法制", "absorb"),
        ("省环境保护厅", "环境保护", "rename"),
        ("省新闻出版广电局", "新闻出版广电", "split"),
        ("省司法厅", "司法", "same"),
    ],
)
def test_relation_tells_whether_identity_is_carried(name: str, office: str, relation: str) -> None:
    agency = agency_of(name)
    assert agency is not None and (agency.office, agency.relation) == (office, relation)


def test_basis_tells_how_it_was_read() -> None:
    exact, stripped = agency_of("区社保局"), agency_of("省水利厅")
    assert exact is not None and exact.basis == "exact"
    assert stripped is not None and stripped.basis == "stripped"


def test_social_insurance_is_not_human_resources() -> None:
    keys = {name: agency_of(name) for name in ("区社保局", "区人社局", "区社管局")}
    assert len({agency.key for agency in keys.values() if agency}) == 3
