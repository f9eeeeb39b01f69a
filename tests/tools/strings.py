"""The window's texts in other languages: finds every text in the sources, and keeps the files of Qt Linguist.

    uv run python tests/tools/strings.py

Finds what comes from below the window, too (see `below`), and lists it in resources/strings/below.json.
Takes new texts into resources/strings/earmark_*.ts as unfinished, drops those that are gone, and compiles all
to .qm with pyside6-lrelease. A text is what stands in `tr("...")`, in `count_of(n, "...", "...")`, or in a
list of this file's `LISTS`. (pyside6-lupdate knows methods of classes only, and takes f-strings as they are.)
"""

import ast
import json
import shutil
import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from below import below

ROOT = Path(__file__).parents[2]
SOURCES, STRINGS = ROOT / "desktop" / "earmark" / "ui", ROOT / "resources" / "strings"
CONTEXT = "Earmark"
LISTS = {"PLACES"}
"""Names of constants whose texts are shown through `tr(variable)`."""


def literals(path: Path) -> Iterator[tuple[str, int]]:
    """Every text of a source file that is translated, with its line. Raises ValueError for what cannot be."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            if node.targets[0].id in LISTS:
                yield from ((each.value, each.lineno) for each in ast.walk(node.value) if _is_text(each))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            texts = {"tr": node.args[:1], "count_of": node.args[1:3]}.get(node.func.id, [])
            for text in texts:
                if isinstance(text, ast.JoinedStr):
                    raise ValueError(f"{path.name}:{text.lineno}: an f-string cannot be translated")
                if _is_text(text):
                    yield text.value, text.lineno  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and bool(node.value.strip())


def all_literals() -> dict[str, str]:
    """Every text, with the first place where it stands: those of the window, then those from below."""
    found: dict[str, str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        for text, _line in literals(path):
            found.setdefault(text, path.relative_to(ROOT).as_posix())
    for text, where in below_texts().items():
        found.setdefault(text, f"desktop/earmark/{where}")
    return found


@cache
def below_texts() -> dict[str, str]:
    """Every text from below the window, with the file where it is made."""
    return below()


def listed_below() -> str:
    """What the window has to know of them: the texts in English, in the form of the file."""
    return json.dumps(sorted(below_texts()), ensure_ascii=False, indent=0) + "\n"


def read(file: Path) -> dict[str, str]:
    """The finished translations of a file."""
    if not file.exists():
        return {}
    messages = ET.parse(file).getroot().iter("message")
    done = {}
    for message in messages:
        translation = message.find("translation")
        if translation is not None and translation.get("type") is None and translation.text:
            done[message.findtext("source", "")] = translation.text
    return done


def write(file: Path, language: str, translations: dict[str, str]) -> int:
    """Write a file anew over the texts that there are; how many are unfinished."""
    root = ET.Element("TS", version="2.1", language=language)
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    texts = all_literals()
    for text in sorted(texts, key=lambda each: (texts[each], each)):
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "location", filename=f"../../{texts[text]}")
        ET.SubElement(message, "source").text = text
        translation = ET.SubElement(message, "translation")
        if text in translations:
            translation.text = translations[text]
        else:
            translation.set("type", "unfinished")
    ET.indent(root)
    document = ET.tostring(root, encoding="unicode")
    file.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{document}\n', encoding="utf-8")
    return len([text for text in texts if text not in translations])


def compile_all() -> None:
    """Make the .qm files that the program loads."""
    tool = shutil.which("pyside6-lrelease", path=sysconfig.get_path("scripts")) or "pyside6-lrelease"
    for file in sorted(STRINGS.glob("*.ts")):
        subprocess.run([tool, "-silent", "-removeidentical", str(file)], check=True, capture_output=True)


def main() -> None:
    """Renew all files."""
    STRINGS.mkdir(exist_ok=True)
    (STRINGS / "below.json").write_text(listed_below(), encoding="utf-8")
    for file in sorted(STRINGS.glob("earmark_*.ts")) or [STRINGS / "earmark_de.ts"]:
        language = file.stem.partition("_")[2]
        open_ = write(file, language, read(file))
        sys.stdout.write(f"{file.name}: {len(all_literals())} texts, {open_} unfinished\n")
    compile_all()


if __name__ == "__main__":
    main()
