"""Install the gateway's Node packages when they are missing or outdated: `python -m tests.gateway.install`."""

from __future__ import annotations

import sys

from tests.gateway.node import NodeMissingError
from tests.gateway.packages import InstallError, ensure_installed


def main() -> int:
    """Exit code 0 when the packages are there, 1 with a message on stderr otherwise."""
    try:
        ran = ensure_installed()
    except (InstallError, NodeMissingError) as error:
        print(f"The test gateway could not be installed. {error}", file=sys.stderr)
        return 1
    print("Test gateway: packages installed." if ran else "Test gateway: packages are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
