"""Writing a file anew so that there is always a whole one, the old or the new."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path


def rewrite(name: str, data: bytes) -> None:
    """Put `data` in the place of the file called `name`, at once; its permissions stay, and a link stays a link.

    Raises OSError if that cannot be done; then the file is as it was.
    """
    path = Path(name).resolve()
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(beside)
        raise
