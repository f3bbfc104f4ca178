"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """``--config DIR``: the folder with steward.yaml, faq/, words/ and the others."""
    return click.option(
        "--config",
        "folder",
        metavar="DIR",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default="config",
        show_default=True,
        help="The config folder: steward.yaml, faq/, words/, texts.yaml, campaigns.yaml.",
    )(command)
