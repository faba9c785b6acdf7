"""Cuts from Noto Sans Khmer the nine characters of Khmer's own name, for the language switch.

    .venv/bin/python -m scripts.khmer_name

A page in another language offers Khmer by that name; with 2 kB it needs not fetch the whole font.
The tools are installed for the moment, at the versions below, and give the same bytes every time.
"""

import subprocess
import tempfile
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "static" / "vendor" / "noto-sans-khmer"
NAME = "ភាសាខ្មែរ"
TOOLS = ("fonttools==4.68.0", "brotli==1.2.1")


def cut(folder: Path = FOLDER) -> None:
    """Writes `noto-sans-khmer-name-400.woff2` beside the font it is cut from."""
    with tempfile.TemporaryDirectory() as tools:
        venv.create(tools, with_pip=True)
        python = str(Path(tools) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", *TOOLS], check=True)
        subprocess.run(
            [
                python, "-m", "fontTools.subset", str(folder / "noto-sans-khmer-khmer-400.woff2"),
                f"--text={NAME}", "--layout-features=*", "--flavor=woff2",
                f"--output-file={folder / 'noto-sans-khmer-name-400.woff2'}",
            ],
            check=True,
        )  # fmt: skip


if __name__ == "__main__":
    cut()
