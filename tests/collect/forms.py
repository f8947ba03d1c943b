"""A text in every form that circulars come in, made by the libraries and programs that make such files.

What belongs here: writers of forms, and a project to add them to. What does not: tests.
"""

import html
import io
import shutil
import subprocess
from pathlib import Path

import made_files
from tongbao.project import Project, find_project

ROOT = find_project(Path(__file__)).root

CIRCULAR = """湖南省人民政府办公厅关于2019年第二季度全省政府网站抽查情况的通报
各市、州人民政府，省政府各部门：
按照国务院办公厅要求，省政府办公厅组织开展了2019年第二季度全省政府网站抽查。现将有关情况通报如下：
一、总体情况
本次共抽查全省政府网站137个，占在运行政府网站总数的34.9%，合格131个，不合格6个，抽查合格率为95.6%，比上季度提高1.8个百分点。
二、存在的主要问题
长沙市政府门户网站首页栏目长期不更新，株洲市生态环境局网站3条链接不可用，省水利厅网站互动回应差。
有的单位对网民留言答复不及时，平均答复时间超过12个工作日。
三、下一步工作要求
请各市、州人民政府和省政府各部门于2019年7月20日前完成整改，并将整改情况报省政府办公厅。
附件：不合格政府网站名单
湖南省人民政府办公厅
2019年7月8日
附件
不合格政府网站名单
1.湘潭市文化旅游广电体育局网站
2.衡阳市统计局网站
3.省供销合作总社网站
"""
"""Made up: the province and the names of places are real, everything said of them is not."""


def project(root: Path) -> Project:
    """An empty collection with the project's word lists."""
    made = Project(root)
    made.raw.mkdir(parents=True)
    for name in ("params.yaml", "CITATION.cff"):
        shutil.copy(ROOT / name, root)
    made.reference.symlink_to(ROOT / "data" / "reference", target_is_directory=True)
    return made


def page(text: str, charset: str = "") -> str:
    """A web page of paragraphs."""
    meta = f'<meta charset="{charset}">' if charset else ""
    body = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines())
    return f"<!DOCTYPE html>\n<html><head>{meta}<title>页</title></head><body><div>{body}</div></body></html>\n"


def docx(text: str) -> bytes:
    import docx as library

    document = library.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def xlsx(text: str) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in text.splitlines():
        sheet.append([line])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def pdf(text: str) -> bytes:
    """Pages with indented paragraphs broken over lines wherever these are full."""
    size, left, right, leading = 14, 60.0, 550.0, 28.0
    pages: list[list[tuple[float, float, str]]] = [[]]
    y = 780.0

    def width(line: str) -> float:
        return sum(0.5 if c.isascii() else 1.0 for c in line) * size

    def show(x: float, line: str) -> None:
        nonlocal y
        if y < 90:
            pages.append([])
            y = 780.0
        pages[-1].append((x, y, line))
        y -= leading

    for n, paragraph in enumerate(text.splitlines()):
        line, x = "", left + (2 * size if len(paragraph) > 40 else 0)
        if n == 0:  # the title stands in the middle
            x = left + (right - left - width(paragraph)) / 2
        for c in paragraph:
            if x + width(line + c) > right:
                show(x, line)
                line, x = "", left
            line += c
        show(x, line)
    return made_files.pdf(pages, size=size)


def office() -> str:
    """The name of the office program of this machine, "" where there is none."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def doc(text: str, folder: Path) -> bytes:
    """A Word 97 file, saved by the office program."""
    (folder / "word.docx").write_bytes(docx(text))
    profile = (folder / "profile").as_uri()
    command = [office(), "--headless", f"-env:UserInstallation={profile}", "--convert-to", "doc"]
    subprocess.run([*command, "--outdir", str(folder), str(folder / "word.docx")], check=True, capture_output=True)
    return (folder / "word.doc").read_bytes()
