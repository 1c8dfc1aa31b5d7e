"""Write the glossary of the user guide from the terms that tooltips show.

``python tools/glossary.py``
"""

from __future__ import annotations

from pathlib import Path

from vaegui.wording.terms import TERMS

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "user-guide.md"
HEADING = "## Glossary\n"


def glossary() -> str:
    """All terms as Markdown, each with a heading that links can name."""
    parts = [HEADING]
    for term in TERMS.values():
        formula = f"\n$${term.formula}$$\n" if term.formula else ""
        parts.append(f"### {term.title}\n\n{term.sentence}\n{formula}")
    return "\n".join(parts)


def main() -> None:
    """Put it at the end of the guide."""
    text = GUIDE.read_text("utf-8")
    before = text.split(HEADING)[0].rstrip("\n")
    GUIDE.write_text(f"{before}\n\n{glossary()}", "utf-8")


if __name__ == "__main__":
    main()
