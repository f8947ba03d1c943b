import pytest

from tongbao.errors import TongbaoError
from tongbao.report import selfcheck


@pytest.mark.parametrize(
    "page",
    [
        '<a href="index.html">x</a><a href="#a">y</a><a href="https://example.invalid/">a link loads nothing</a>',
        '<img src="data:image/svg+xml;base64,AA==" alt="">',
        '<style>@font-face { src: url("data:font/woff2;base64,AA") }</style>',
        '<meta http-equiv="Content-Security-Policy" content="default-src none">',
        "<p>url(http://example.invalid) onerror= &lt;script&gt; @import</p>",
        '<p id="a"></p><p id="b"></p>',
    ],
)
def test_sound(page: str) -> None:
    assert selfcheck.faults(page) == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>1</script>",
        "<SCRIPT src=x></SCRIPT>",
        '<img src="http://example.invalid/x.png">',
        '<img src="figure.png">',
        '<img src="data:text/html,x">',
        '<img src="data:image/png;base64,AA" onerror="x()">',
        '<img srcset="data:image/png;base64,AA 1x">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" JavaScript:alert(1)">x</a>',
        '<a href="//example.invalid/x">x</a>',
        '<a href="data:text/html,x">x</a>',
        '<link rel="stylesheet" href="x.css">',
        "<iframe></iframe>",
        "<svg onload=x></svg>",
        '<form action="x"></form>',
        "<style>@import 'x.css';</style>",
        "<style>p { background: url( 'http://example.invalid') }</style>",
        '<p style="background: url(x.png)">',
        '<meta http-equiv="refresh" content="0;url=x">',
        '<base href="x">',
        '<p id="a"></p><p id="a"></p>',
    ],
)
def test_faulty(page: str) -> None:
    assert selfcheck.faults(page)
    with pytest.raises(TongbaoError, match=r"made-up\.ipynb"):
        selfcheck.require_self_contained(page, "made-up.ipynb")
