"""Where labels of connections find room on a process map."""

from diagnosis.mining.map_layout import Route

Area = tuple[float, float, float, float]


def area(x: float, y: float, width: float, height: float) -> Area:
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def free_place(
    route: Route, width: float, taken: list[Area], across: bool
) -> tuple[float, float] | None:
    """A point along the line where a label covers nothing else."""
    gaps = list(zip(route.points[0::2], route.points[1::2], strict=False))
    lift = 9.0 if across else 0.0
    for raise_by in (lift, -lift, 0.0):
        for part in (0.5, 0.38, 0.62, 0.28, 0.72):
            for (x1, y1), (x2, y2) in gaps:
                eased = part * part * (3 - 2 * part)
                along = (part, eased) if across else (eased, part)
                x, y = x1 + (x2 - x1) * along[0], y1 + (y2 - y1) * along[1]
                place = (x, y - raise_by) if across else (x + width / 2 + 3, y)
                if not any(_meet(area(*place, width, 14), other) for other in taken):
                    return place
    return None


def _meet(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
