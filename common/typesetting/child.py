"""The process that typesets one document: `python -m common.typesetting.child x.typ < json > pdf`.

It imports nothing of Django.
"""

import sys
from pathlib import Path

import typst

from common.uploads.child import limit

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE.parent.parent / "templates"


def main(template: str) -> None:
    """Reads the content as JSON from standard input, writes the PDF to standard output."""
    limit()
    document = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        sys_inputs={"content": sys.stdin.buffer.read().decode()},
        pdf_standards=["a-2a", "ua-1"],
        # The same fonts on every machine: those beside this file and those within typst.
        font_paths=[str(HERE / "fonts")],
        ignore_system_fonts=True,
    )
    sys.stdout.buffer.write(document)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
