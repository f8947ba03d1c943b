"""One made-up circular in every form that circulars come in, built byte by byte.

What belongs here: writers of the forms, as small as they can be, so that tests need no office suite and can break
a file where they like. What does not: tests.
"""

import io
import struct
import zipfile
from collections.abc import Sequence

ABOVE = (
    "某省人民政府办公厅关于2019年第二季度政府网站抽查情况的通报",
    "各市人民政府：",
    "省政府办公厅组织开展了2019年第二季度全省政府网站抽查。共抽查政府网站120个，合格率为95.8%。现将抽查情况通报如下。",
)
TABLE = (
    ("序号", "网站名称", "问题（扣分）"),
    ("1", "某某县供销社网", "首页不更新（扣5分）"),
    ("2", "某某区档案局𠮷网", ""),
    ("", "某某市渔业局网", "链接不可用"),
)
BELOW = ("以上网站请于7月底前整改。", "某省人民政府办公厅", "2019年7月8日")


def lines(above: Sequence[str] = ABOVE, table: Sequence[Sequence[str]] = TABLE, below: Sequence[str] = BELOW) -> str:
    """The circular as plain text."""
    return "\n".join([*above, *(" ".join(f"{cell} |" for cell in row).strip() for row in table), *below]) + "\n"


def traditional() -> str:
    """The same with every character that Big5 lacks replaced."""
    import opencc

    return str(opencc.OpenCC("s2tw").convert(lines().replace("𠮷", "吉")))


def page(text: str, charset: str = "", head: str = "", tail: str = "") -> str:
    """A web page of the circular as sites write it: a layout table, scripts, comments, a table of data."""
    blocks = []
    rows = []
    for line in text.splitlines():
        if line.endswith("|"):
            cells = [cell.strip() for cell in line.split("|")[:-1]]
            rows.append("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in cells) + "</tr>")
            continue
        if rows:
            blocks.append(f"<table border=1>{''.join(rows)}</table>")
            rows = []
        half = len(line) // 2
        blocks.append(f"<p style='text-indent:2em'><span>{line[:half]}</span>\r\n  <b>{line[half:]}</b></p>")
    body = "\n".join(blocks)
    meta = f'<meta charset="{charset}">' if charset else ""
    return (
        f"<!DOCTYPE html>\n<html><head>{meta}<title>通报_某省网</title><style>p {{color:red}}</style>{head}</head>\n"
        f"<body><!-- 注释 --><script>var a = '脚本';</script><table><tr><td><div>{body}</div>{tail}</td></tr></table>"
        "<noscript>请开启脚本</noscript></body></html>\n"
    )


def web_archive(html: bytes, charset: str) -> bytes:
    """A page and a picture in MIME multipart/related, as browsers save it."""
    import quopri

    boundary = "----=_NextPart_000"
    return b"\r\n".join(
        [
            b"From: <Saved by a browser>",
            b"Subject: =?utf-8?B?6YCa5oql?=",
            b"MIME-Version: 1.0",
            b'Content-Type: multipart/related; type="text/html";\r\n\tboundary="' + boundary.encode() + b'"',
            b"",
            b"This is a multi-part message in MIME format.",
            b"",
            b"--" + boundary.encode(),
            b"Content-Type: image/png",
            b"Content-Transfer-Encoding: base64",
            b"",
            b"iVBORw0KGgo=",
            b"--" + boundary.encode(),
            b'Content-Type: text/html; charset="' + charset.encode() + b'"',
            b"Content-Transfer-Encoding: quoted-printable",
            b"",
            quopri.encodestring(html),
            b"--" + boundary.encode() + b"--",
            b"",
        ]
    )


def docx(extra: str = "") -> bytes:
    """A Word file. `extra` is markup put at the end of the body."""
    import docx as library
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = library.Document()
    for text in ABOVE:
        document.add_paragraph(text)
    table = document.add_table(len(TABLE), 3)
    for row, cells in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    for text in BELOW:
        document.add_paragraph(text)
    if extra:
        body = document.element.body
        for element in parse_xml(f"<w:body {nsdecls('w')}>{extra}</w:body>"):
            body.insert(len(body) - 1, element)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, part in parts.items():
            container.writestr(name, part)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    """The parts of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist()}


def xlsx_parts(sheet: str = "", styles: str = "", name: str = "Sheet1") -> dict[str, bytes]:
    """The parts of a workbook of one sheet. `sheet` is the content of `sheetData`; the circular by default."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    if not sheet:
        rows = [[text] for text in ABOVE] + [list(row) for row in TABLE] + [[text] for text in BELOW]
        for r, row in enumerate(rows, 1):
            cells = (
                f'<c r="{"ABC"[c]}{r}" t="inlineStr"><is><t>{text}</t></is></c>' for c, text in enumerate(row) if text
            )
            sheet += f'<row r="{r}">{"".join(cells)}</row>'
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="{name}" sheetId="1" r:id="rId1"/>'
            "</sheets></workbook>"
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'
        ).encode(),
        "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>".encode(),
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>".encode(),
    }


def xls(shares: Sequence[float] = ()) -> bytes:
    """A workbook in BIFF8: the circular, and below it a column of numbers shown as 0.0%."""

    def record(kind: int, body: bytes) -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    def label(row: int, column: int, text: str) -> bytes:
        units = text.encode("utf-16-le")
        return record(0x0204, struct.pack("<HHHHB", row, column, 0, len(units) // 2, 1) + units)

    code = "0.0%".encode("utf-16-le")
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    start += record(0x041E, struct.pack("<HHB", 164, len(code) // 2, 1) + code)
    start += record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16)) + record(
        0x00E0, struct.pack("<HH", 0, 164) + bytes(16)
    )
    name = b"Sheet1"
    sheet_at = len(start) + 4 + 8 + len(name) + 4
    start += record(0x0085, struct.pack("<IBBBB", sheet_at, 0, 0, len(name), 0) + name) + record(0x000A, b"")
    assert len(start) == sheet_at
    rows = [[text] for text in ABOVE] + [list(row) for row in TABLE] + [[text] for text in BELOW]
    body = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            body += label(r, c, text) if text else b""
    for n, share in enumerate(shares, len(rows)):
        body += label(n, 0, "合格率") + record(0x0203, struct.pack("<HHHd", n, 1, 1, share))
    return ole({"Workbook": start + body + record(0x000A, b"")})


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE container ([MS-CFB] version 3). Streams are padded so that none goes to the short-sector store."""
    free, end, fat_mark = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    contents = [part + bytes(max(0, 4096 - len(part))) for part in streams.values()]
    counts = [-(-len(part) // 512) for part in contents]
    n_directory = -(-(len(streams) + 1) // 4)
    n_fat = 1
    while n_fat * 128 < n_fat + n_directory + sum(counts):
        n_fat += 1
    fat = [fat_mark] * n_fat
    for count in [n_directory, *counts]:
        first = len(fat)
        fat += [*range(first + 1, first + count), end]
    fat += [free] * (n_fat * 128 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHHHIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0, n_fat, n_fat, 0, 4096, end, 0, end)
    header += struct.pack("<I", 0) + struct.pack("<109I", *range(n_fat), *[free] * (109 - n_fat))

    def entry(name: str, kind: int, left: int, right: int, child: int, first: int, size: int) -> bytes:
        units = name.encode("utf-16-le")
        head = units.ljust(64, b"\0") + struct.pack("<HBBIII", len(units) + 2, kind, 1, left, right, child)
        return head + bytes(36) + struct.pack("<IQ", first, size)

    names = sorted(streams, key=lambda n: (len(n), n.upper()))
    order = list(streams)
    directory = entry("Root Entry", 5, free, free, 1 + order.index(names[0]), end, 0)
    at = n_fat + n_directory
    for n, name in enumerate(order):
        place = names.index(name)  # a chain to the right is a tree too
        right = 1 + order.index(names[place + 1]) if place + 1 < len(names) else free
        directory += entry(name, 2, free, right, free, at, len(contents[n]))
        at += counts[n]
    directory = directory.ljust(n_directory * 512, b"\0")
    body = b"".join(part.ljust(count * 512, b"\0") for part, count in zip(contents, counts, strict=True))
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + body


def doc(hidden: str = "", has_properties: bool = True) -> bytes:
    """A Word 97 file ([MS-DOC]) in two pieces, the first of single bytes. `hidden` is text marked as deleted."""
    first = "NO. 7\r"
    runs: list[tuple[str, bytes]] = [("".join(text + "\r" for text in ABOVE), b"")]
    edges = struct.pack("<4h", -100, 900, 5000, 9000)
    row_end = struct.pack("<HBHBHHB", 0x2416, 1, 0x2417, 1, 0xD608, len(edges) + 2, 3) + edges
    for row in TABLE:
        runs.append(("".join(text + "\x07" for text in row), struct.pack("<HB", 0x2416, 1)))
        runs.append(("\x07", row_end))
    runs.append((f'\x13 HYPERLINK "x" \x14{BELOW[0]}\x15\r' + "".join(text + "\r" for text in BELOW[1:]), b""))
    second = "".join(text for text, _ in runs)
    units = (second + hidden).encode("utf-16-le")
    text_at, papx_at, chpx_at = 0x400, 0x200 * 30, 0x200 * 31
    second_at = text_at + 0x20
    pieces = struct.pack("<3I", 0, len(first), len(first) + len(units) // 2)
    pieces += struct.pack("<HIH", 0, 0x40000000 | text_at * 2, 0) + struct.pack("<HIH", 0, second_at, 0)
    clx = b"\x01\x02\x00\x00\x00" + b"\x02" + struct.pack("<I", len(pieces)) + pieces

    def page(spans: list[tuple[int, bytes]], stop: int, width: int, is_paragraph: bool) -> bytes:
        made = bytearray(512)
        struct.pack_into(f"<{len(spans) + 1}I", made, 0, *(at for at, _ in spans), stop)
        free = 510
        for n, (_, grpprl) in enumerate(spans):
            if not grpprl:
                continue
            if is_paragraph:
                content = b"\0\0" + grpprl
                content += b"\0" * (1 - len(content) % 2)
                content = bytes([(len(content) + 1) // 2]) + content
            else:
                content = bytes([len(grpprl)]) + grpprl
            free = (free - len(content)) & ~1
            made[free : free + len(content)] = content
            made[4 * (len(spans) + 1) + width * n] = free // 2
        made[511] = len(spans)
        return bytes(made)

    spans, at = [(text_at, b"")], second_at
    for text, grpprl in runs:
        spans.append((at, grpprl))
        at += len(text.encode("utf-16-le"))
    stop = second_at + len(units)
    main = bytearray(0x200 * 32)
    struct.pack_into("<HH", main, 0, 0xA5EC, 0x00C1)
    struct.pack_into("<H", main, 0x0A, 0x0200)
    struct.pack_into("<I", main, 0x4C, len(first) + len(units) // 2)
    struct.pack_into("<II", main, 0x1A2, 0, len(clx))
    main[text_at : text_at + len(first)] = first.encode("ascii")
    main[second_at:stop] = units
    main[papx_at : papx_at + 512] = page(spans, stop, 13, True)
    marked = [(second_at, b""), (at, struct.pack("<HB", 0x0800, 1))] if hidden else [(second_at, b"")]
    main[chpx_at : chpx_at + 512] = page(marked, stop, 1, False)
    tables = clx
    for where, number in ((0x102, 30), (0xFA, 31)):
        if has_properties:
            struct.pack_into("<II", main, where, len(tables), 12)
            tables += struct.pack("<III", second_at, stop, number)
    return ole({"WordDocument": bytes(main), "1Table": tables})


def pdf(
    pages: Sequence[Sequence[tuple[float, float, str]]],
    rulings: Sequence[tuple[float, float, float, float]] = (),
    size: int = 16,
    trailer: str = "",
) -> bytes:
    """A PDF whose pages show texts at places (points from the lower left), with lines on the last page.

    The font is not embedded; what its codes mean stands in a ToUnicode table.
    """
    codes = {c: n for n, c in enumerate(sorted({c for page in pages for _, _, text in page for c in text}), 1)}
    pairs = [f"<{n:04x}> <{c.encode('utf-16-be').hex()}>" for c, n in codes.items()]
    blocks = "".join(
        f"{len(pairs[k : k + 100])} beginbfchar\n" + "\n".join(pairs[k : k + 100]) + "\nendbfchar\n"
        for k in range(0, len(pairs), 100)
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{blocks}endcmap end end"
    )
    narrow = " ".join(f"{n} [500]" for c, n in codes.items() if c.isascii())
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{6 + 2 * n} 0 R' for n in range(len(pages)))}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [4 0 R] "
        "/ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        f" /Supplement 0 >> /DW 1000 /W [{narrow}] /FontDescriptor << /Type /FontDescriptor /FontName /Song /Flags 4 "
        "/FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80 >> >>",
        f"<< /Length {len(cmap)} >>\nstream\n{cmap}\nendstream",
    ]
    for n, page in enumerate(pages):
        drawn = ["BT", f"/F1 {size} Tf"]
        for x, y, text in page:
            codes_of = "".join(f"{codes[c]:04x}" for c in text)
            drawn.append(f"1 0 0 1 {x:g} {y:g} Tm <{codes_of}> Tj")
        drawn.append("ET")
        if n == len(pages) - 1:
            drawn += [f"{a:g} {b:g} m {c:g} {d:g} l S" for a, b, c, d in rulings]
        content = "\n".join(drawn)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {7 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return pdf_of(objects, trailer)


def pdf_of(objects: Sequence[str], trailer: str = "") -> bytes:
    """A PDF file of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for n, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{n} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table_at = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table_at}\n%%EOF\n".encode()
    return bytes(out)


def circular_pdf() -> bytes:
    """The circular on one page: a centred title, an indented paragraph broken over lines, a ruled table."""
    size, left, right, leading = 16, 60.0, 540.0, 28.0
    shown: list[tuple[float, float, str]] = []
    y = 780.0

    def width(text: str) -> float:
        return sum(0.5 if c.isascii() else 1.0 for c in text) * size

    def flow(text: str, x: float) -> None:
        nonlocal y
        line = ""
        for c in text:
            if x + width(line + c) > right and c not in "，。；：、！？）”":
                shown.append((x, y, line))
                y, x, line = y - leading, left, ""
            line += c
        shown.append((x, y, line))
        y -= leading

    title, addressee, *body = ABOVE
    shown.append((left + (right - left - width(title)) / 2, y, title))
    y -= leading
    flow(addressee, left)
    for text in body:
        flow(text, left + 2 * size)
    edges = (left, left + 60, left + 240, right)
    top = y + 20
    rulings = []
    for row in TABLE:
        for x, text in zip(edges, row, strict=False):
            if text:
                shown.append((x + 4, y, text))
        y -= leading
    bottom = y + 20
    for n in range(len(TABLE) + 1):
        rulings.append((left, top - n * leading, right, top - n * leading))
    for x in edges:
        rulings.append((x, top, x, bottom))
    for n, text in enumerate(BELOW):
        shown.append((left + 2 * size if n == 0 else right - width(text), y, text))
        y -= leading
    shown.append((290, 40, "— 1 —"))
    return pdf([shown], rulings, size)
