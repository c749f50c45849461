"""The lines of a map as descriptions of SVG paths, in whole pixels."""


def at(value: float) -> str:
    """A whole pixel: maps are large, and nobody sees tenths."""
    return f"{value:.0f}"


def path(*points: str | float) -> str:
    """The description of a path, its numbers as whole pixels."""
    said = ""
    for one in points:
        if isinstance(one, str):
            said += one
            continue
        pixel = at(one)
        is_apart = not said or said[-1].isalpha() or pixel.startswith("-")
        said += pixel if is_apart else f" {pixel}"
    return said


def smooth(points: list[tuple[float, float]], along: int) -> str:
    """Straight through the layers, curved in the gaps between them.

    From pixel to pixel, as steps have fewer digits than places.
    """
    whole = [(round(x), round(y)) for x, y in points]
    way: list[str | float] = ["M", *whole[0]]
    for index in range(1, len(whole)):
        (x1, y1), (x2, y2) = whole[index - 1], whole[index]
        x, y = x2 - x1, y2 - y1
        if along == 0 and not y:
            way += ["h", x]
        elif along == 1 and not x:
            way += ["v", y]
        elif index % 2 == 0:
            way += ["l", x, y]
        elif along == 0:
            way += ["c", x / 2, 0, x / 2, y, x, y]
        else:
            way += ["c", 0, y / 2, x, y / 2, x, y]
    return path(*way)


def bulge(points: list[tuple[float, float]], along: int) -> str:
    """An arc beside the layer, for two boxes that stand in the same one."""
    (x1, y1), (x2, y2) = points[0], points[-1]
    dx, dy = (34, 0) if along == 0 else (0, 26)
    return path("M", x1, y1, "C", x1 + dx, y1 + dy, x2 + dx, y2 + dy, x2, y2)


def head(
    end: tuple[float, float], along: int, sign: int, tip: float, width: float
) -> str:
    x, y = end
    half = 2.5 + width * 0.75
    if along == 0:
        return path("M", x, y, "L", x - sign * tip, y - half, "V", y + half, "z")
    return path("M", x, y, "L", x - half, y - sign * tip, "H", x + half, "z")
