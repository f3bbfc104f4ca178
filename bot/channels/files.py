"""Files that channels send: what a platform shows them as."""

import mimetypes
from pathlib import Path

from domain.incoming import MessageKind


def kind_of_file(path: Path) -> MessageKind:
    """Whether a file is shown as an image or is one to open."""
    return MessageKind.IMAGE if media_type(path).startswith("image/") else MessageKind.FILE


def media_type(path: Path) -> str:
    """The media type by the name's ending."""
    return mimetypes.guess_type(path.name)[0] or "application/octet-stream"
