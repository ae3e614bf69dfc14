"""A picture as an SVG file: https://www.w3.org/TR/SVG11/."""

from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
from matplotlib.path import Path

from picture.layers import DPI, NO_PEN, Drawing, Layer, Pen
from picture.palettes import Colour
from picture.rings import Ring

SIDE = 1024
POINT = DPI / 72
COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
DECIMALS = 2
NO_CHARACTERS = dict.fromkeys((0xFFFE, 0xFFFF))  # of XML

# SVG 1.1 and its xlink:href: plain href is not read by older programs.
NAMESPACES = {"xmlns": "http://www.w3.org/2000/svg", "xmlns:xlink": "http://www.w3.org/1999/xlink"}
LABELS = {"role": "img", "aria-labelledby": "title description"}


def encode(drawn: Drawing, title: str, description: str) -> bytes:
    """Return the drawing as a file: each petal once, all others as turned copies of it."""
    near, whole = str(-SIDE // 2), str(SIDE)
    image = Element("svg", {**NAMESPACES, "viewBox": f"{near} {near} {whole} {whole}", **LABELS})
    SubElement(image, "title", id="title").text = title.translate(NO_CHARACTERS)
    SubElement(image, "desc", id="description").text = description.translate(NO_CHARACTERS)
    SubElement(image, "rect", x=near, y=near, width=whole, height=whole, fill=_code(drawn.ground))
    defined, scale = SubElement(image, "defs"), drawn.scale(SIDE)
    for number, ring in enumerate(drawn.rings):
        defined.append(_ring(f"r{number}", ring, scale))
    image.extend(map(_use, drawn.layers))
    file: bytes = tostring(image, encoding="utf-8", xml_declaration=True)
    return file


def _ring(name: str, ring: Ring, scale: float) -> Element:
    petals = Element("g", id=name)
    first = SubElement(petals, "g", id=f"{name}p")
    for path in ring.petal:
        SubElement(first, "path", d=_data(path, scale))
    for turn in range(1, ring.copies):
        angle = _number(-360 / ring.copies * turn)
        SubElement(petals, "use", {"xlink:href": f"#{name}p", "transform": f"rotate({angle})"})
    return petals


def _use(layer: Layer) -> Element:
    colour, opacity = _code(layer.colour), str(layer.opacity)
    fill = {"fill": colour, "fill-opacity": opacity} if layer.filled else {"fill": "none"}
    return Element("use", {"xlink:href": f"#r{layer.ring}", **fill, **_stroke(layer.pen, colour)})


def _stroke(pen: Pen, colour: str) -> dict[str, str]:
    if pen == NO_PEN:
        return {}
    width = _number(pen.width * POINT)
    return {
        "stroke": colour,
        "stroke-width": width,
        "stroke-miterlimit": width,  # as matplotlib has it: of the pixels of a line
        "stroke-linejoin": pen.join,
        "stroke-linecap": pen.cap,
    }


def _data(path: Path, scale: float) -> str:
    placed = Path(np.asarray(path.vertices) * (scale, -scale), path.codes)  # y grows downwards
    return "".join(
        COMMANDS[code] + ("" if code == Path.CLOSEPOLY else " ".join(map(_number, numbers)))
        for numbers, code in placed.iter_segments()
    )


def _number(value: float) -> str:
    return f"{round(value, DECIMALS):g}"


def _code(colour: Colour) -> str:
    return f"#{bytes(colour).hex()}"
