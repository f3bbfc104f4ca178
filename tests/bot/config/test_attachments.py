"""Files that answers send: only what lies in the folder's files/, of a fitting kind and size."""

from pathlib import Path

import pytest

from bot.config import check, load
from bot.config.attachments import MOST_BYTES, attachment, listed
from tests.bot.config.folder import lines, write

FAQ = """entries:
  - id: map
    question: 怎么走？
    answer: 看图。
    files:
      - files/map.png
      - {name}
"""
PICTURE = b"\x89PNG"


def folder_with(tmp_path: Path, name: str) -> Path:
    text = FAQ.replace("{name}", name)
    return write(tmp_path / "config", {"faq/a.yaml": text, "files/map.png": PICTURE, "files/in/菜单.pdf": b"%PDF"})


def test_files_in_the_folder_are_sent_in_their_order(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "files/in/菜单.pdf")
    assert check(folder) == ()
    assert load(folder).faq[0].files == ("files/map.png", "files/in/菜单.pdf")
    assert list(listed(folder)) == ["files/in/菜单.pdf", "files/map.png"]
    assert attachment(folder, "files/map.png") == folder / "files/map.png"


@pytest.mark.parametrize(
    "name",
    [
        "files/none.png",
        "files/../steward.yaml",
        "../outside.png",
        "/etc/passwd",
        "faq/a.yaml",
        "map.png",
        "files",
        "files/.secret.png",
        "files/run.sh",
        "files/page.html",
        "files/x.svg",
        '"files\\\\map.png"',
        "files/empty.png",
        "files/big.png",
        "files/link.png",
        "files/out/inside.png",
    ],
)
def test_anything_else_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    folder = folder_with(tmp_path, name)
    outside = write(tmp_path / "outside", {"inside.png": PICTURE})
    write(tmp_path, {"outside.png": PICTURE})
    write(
        folder, {"files/empty.png": b"", "files/.secret.png": PICTURE, "files/run.sh": b"x", "files/x.svg": b"<svg/>"}
    )
    with (folder / "files/big.png").open("wb") as big:
        big.truncate(MOST_BYTES + 1)
    (folder / "files/link.png").symlink_to(tmp_path / "outside.png")
    (folder / "files/out").symlink_to(outside)
    found = check(folder)
    assert lines(found) == [("faq/a.yaml", 7)]
    assert found[0].remedy


def test_a_near_name_is_proposed(tmp_path: Path) -> None:
    (problem,) = check(folder_with(tmp_path, "files/mop.png"))
    assert "files/map.png" in problem.remedy


def test_at_most_five_files_go_with_an_answer(tmp_path: Path) -> None:
    many = "\n      - ".join(["files/map.png"] * 6)
    assert lines(check(folder_with(tmp_path, many))) == [("faq/a.yaml", 6)]
