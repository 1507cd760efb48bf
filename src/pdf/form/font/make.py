"""Makes DpaSans.cff and prints the rows of its table: make.py LiberationSans-Regular.ttf (version 2.1.5)."""

import io
import sys
from pathlib import Path

from fontTools import agl
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.qu2cuPen import Qu2CuPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

# Letters of the languages of the EU and of Turkish that WinAnsiEncoding lacks, as many as there are codes for.
LETTERS = "ĄąĆćĘęŁłŃńŚśŹźŻżČčĎďĚěŇňŘřŤťŮůĽľŐőŰűĂăȘșȚțĐđĞğİıŞşĀāĒēĪīŪūģķļņĖėįų"
# Codes without a letter, and those of signs that no name, place or date has. Line ends and tabs stay free.
UNDEFINED = [code for code in range(1, 32) if code not in (9, 10, 13)] + [0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D]
SIGNS = [ord(sign.encode("cp1252")) for sign in "ƒ†‡ˆ‰‹˜›¡¢£¤¥¦¨ª¬¯±²³µ¶¸¹º¼½¾¿×÷"]

# Those that fontTools does not name, as the Adobe Glyph List does. Where that has several, the later is the usual one.
NAMES = dict(
    zip(
        "ģķļņȘșȚț",
        "gcommaaccent kcommaaccent lcommaaccent ncommaaccent Scommaaccent scommaaccent uni021A uni021B".split(),
        strict=True,
    )
)


def name_of(letter):
    """What the glyph of a letter is called."""
    return NAMES.get(letter) or agl.UV2AGL[ord(letter)]


def main():
    source = TTFont(sys.argv[1])
    cmap, glyphs = source.getBestCmap(), source.getGlyphSet()
    scale = 1000 / source["head"].unitsPerEm
    codes = sorted(UNDEFINED + SIGNS)
    differences = dict(zip(codes, LETTERS, strict=True))
    table = {}
    for code in range(256):
        if code in differences:
            table[code] = differences[code]
        elif code >= 32:
            letter = bytes([code]).decode("cp1252")
            table[code] = {"\xa0": " ", "\xad": "-"}.get(letter, letter)
    strings, metrics = {}, {}
    for letter in [None, *sorted(set(table.values()))]:
        name = ".notdef" if letter is None else name_of(letter)
        glyph = glyphs[".notdef" if letter is None else cmap[ord(letter)]]
        width = round(glyph.width * scale)
        pen = T2CharStringPen(width, glyphs)
        glyph.draw(Qu2CuPen(TransformPen(pen, (scale, 0, 0, scale, 0, 0)), 0.5, all_cubic=True))
        strings[name], metrics[name] = pen.getCharString(), (width, 0)
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder(list(strings))
    builder.setupCharacterMap({})
    notice = source["name"].getDebugName(0)
    builder.setupCFF("DpaSans", {"FullName": "Dpa Sans", "Notice": notice}, strings, {})
    builder.setupHorizontalMetrics(metrics)
    data = builder.font["CFF "].compile(builder.font)
    Path("DpaSans.cff").write_bytes(data)
    head = source["head"]
    print("FontBBox", [round(value * scale) for value in (head.xMin, head.yMin, head.xMax, head.yMax)])
    print([metrics[name_of(table[code])][0] if code in table else 0 for code in range(256)])
    for code, letter in differences.items():
        print(f"    (0x{code:02X}, '{letter}', \"{name_of(letter)}\"),")
    hhea = source["hhea"]
    print("Ascent", round(hhea.ascent * scale), "Descent", round(hhea.descent * scale))
    print("CapHeight", round(source["OS/2"].sCapHeight * scale))


main()
