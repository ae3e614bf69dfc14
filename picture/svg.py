"""A picture as an SVG file: https://www.w3.org/TR/SVG11/."""

from xml.etree.ElementTree import Element, SubElement, tostring

import numpy as np
from matplotlib.path import Path

from picture.layers import DPI, Drawing, Layer
from picture.palettes import Colour
from picture.rings import Ring

SIDE = 1024
POINT = DPI / 72
COMMANDS = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
DECIMALS = 2
CAPS = {"butt": "butt", "projecting": "square", "round": "round"}
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
        defined.append(_ring(f"r{number}", ring, len(ring) // drawn.halves, scale))
    image.extend(map(_use, drawn.layers))
    file: bytes = tostring(image, encoding="utf-8", xml_declaration=True)
    return file


def _ring(name: str, paths: Ring, copies: int, scale: float) -> Element:
    ring = Element("g", id=name)
    for number, path in enumerate(paths[::copies]):
        first = f"{name}p{number}"
        SubElement(ring, "path", id=first, d=_data(path, scale))
        for turn in range(1, copies):
            angle = _number(-360 / copies * turn)
            SubElement(ring, "use", {"xlink:href": f"#{first}", "transform": f"rotate({angle})"})
    return ring


def _use(layer: Layer) -> Element:
    colour, opacity, width = _code(layer.colour), str(layer.opacity), _number(layer.pen.width * POINT)
    look = {
        "fill": colour if layer.filled else "none",
        "fill-opacity": opacity,
        "stroke": colour,
        "stroke-opacity": opacity,
        "stroke-width": width,
        "stroke-miterlimit": width,  # as matplotlib has it: of the pixels of a line
        "stroke-linejoin": layer.pen.join,
        "stroke-linecap": CAPS[layer.pen.cap],
    }
    return Element("use", {"xlink:href": f"#r{layer.ring}", **look})


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
