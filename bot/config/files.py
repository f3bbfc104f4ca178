"""Reads the files of a configuration folder: bounded in size, UTF-8, named relative to the folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath

from bot.config.nodes import BadYaml, Node, Table, parse
from bot.config.problems import Problems

MOST_BYTES = 2 * 1024 * 1024
MOST_FILES = 200
BUILTIN = "builtin/"
"""How files inside the package are named in messages."""

SINGLE = ("steward.yaml", "texts.yaml", "synonyms.yaml", "campaigns.yaml", "rewards.yaml")
FOLDERS = ("faq", "words")
SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name for messages, its text and its tree."""

    name: str
    text: str
    tree: Node | None = None
    """None: read when it is asked for. FAQ files are large, and most of them are known already (`bot.config.faq`)."""

    @property
    def root(self) -> Node:
        """The tree. Raises `BadYaml` for a file that was not read yet."""
        return parse(self.text) if self.tree is None else self.tree

    @property
    def table(self) -> Table | None:
        """The tree when it is a mapping."""
        return self.root if isinstance(self.root, Table) else None


def read_folder(folder: Path, problems: Problems) -> dict[str, Source]:
    """Every file we know of below ``folder``, by relative name; what cannot be read is a problem."""
    if not folder.is_dir():
        problems.error(str(folder), 1, "配置文件夹不存在", "检查 --config 后面的路径")
        return {}
    found = _paths(folder)
    if len(found) > MOST_FILES:
        problems.error(folder.name, 1, f"配置文件多于 {MOST_FILES} 个", "合并一些文件")
        return {}
    _note_strays(folder, problems)
    sources = (_read(path, path.relative_to(folder).as_posix(), problems) for path in found)
    return {source.name: source for source in sources if source is not None}


def read_builtin(problems: Problems) -> dict[str, Source]:
    """The texts and words that ship inside the package, under ``builtin/…``."""
    root = files("handlers") / "defaults"
    found = [root / "texts.yaml", *sorted((root / "words").iterdir(), key=lambda item: item.name)]
    sources = (_read(item, _builtin_name(item), problems) for item in found if item.name.endswith(SUFFIXES))
    return {source.name: source for source in sources if source is not None}


def read_texts_of(texts: Mapping[str, str], problems: Problems) -> dict[str, Source]:
    """The files of a stored revision."""
    sources = (_parsed(name, text, problems) for name, text in sorted(texts.items()))
    return {source.name: source for source in sources if source is not None}


def is_ours(name: str) -> bool:
    """Whether a relative name is that of a file which a folder of ours holds."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.suffix not in SUFFIXES or path.name.startswith("."):
        return False
    return name in SINGLE or (len(path.parts) > 1 and path.parts[0] in FOLDERS)


def texts_of(sources: Mapping[str, Source]) -> dict[str, str]:
    """File name → text: what a revision keeps."""
    return {name: source.text for name, source in sorted(sources.items())}


def content_hash(sources: Mapping[str, Source]) -> str:
    """One hash over all files and their names (hex)."""
    digest = hashlib.sha256()
    for name, source in sorted(sources.items()):
        digest.update(f"{name}\0{len(source.text)}\0{source.text}\0".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _paths(folder: Path) -> list[Path]:
    single = [folder / name for name in SINGLE if (folder / name).is_file()]
    nested = [p for name in FOLDERS for p in sorted((folder / name).glob("**/*")) if _is_ours(p)]
    return [*single, *nested]


def _is_ours(path: Path) -> bool:
    return path.suffix in SUFFIXES and path.is_file() and not path.name.startswith(".")


def _note_strays(folder: Path, problems: Problems) -> None:
    for path in sorted(folder.iterdir()):
        if _is_ours(path) and path.name not in SINGLE:
            remedy = f"这里只认 {'、'.join(SINGLE)} 和文件夹 faq、words"
            problems.warning(path.name, 1, "这个文件不会被读取", remedy)


def _builtin_name(item: Traversable) -> str:
    return f"{BUILTIN}{item.name}" if item.name == "texts.yaml" else f"{BUILTIN}words/{item.name}"


def _read(path: Path | Traversable, name: str, problems: Problems) -> Source | None:
    try:
        if isinstance(path, Path) and path.stat().st_size > MOST_BYTES:
            problems.error(name, 1, f"文件大于 {MOST_BYTES // 1024 // 1024} MB", "拆成几个小文件")
            return None
        data = path.read_bytes()
    except OSError as error:
        problems.error(name, 1, f"读不了这个文件（{error.strerror}）", "检查文件权限")
        return None
    text = _decode(data, name, problems)
    return None if text is None else _parsed(name, text, problems)


def _parsed(name: str, text: str, problems: Problems) -> Source | None:
    if name.startswith("faq/"):
        return Source(name, text)
    try:
        return Source(name, text, parse(text))
    except BadYaml as error:
        problems.error(name, error.line, error.message, error.remedy)
        return None


def _decode(data: bytes, name: str, problems: Problems) -> str | None:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        problems.error(name, 1, "文件是 UTF-16 编码", "用编辑器另存为 UTF-8")
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.error(name, line, "文件不是 UTF-8 编码（可能是 GBK）", "用编辑器另存为 UTF-8")
        return None
