"""Arrow arrays straight from memory.

`pa.array` looks for pandas whenever it is called, which costs half a second and forty
megabytes the first time; these do not.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

with suppress(NotImplementedError):  # not in every build of Arrow
    # Gives back what it no longer needs: imports peak 30 megabytes lower than with
    # the usual pool, at the same speed.
    pa.set_memory_pool(pa.jemalloc_memory_pool())

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def integers(values: Ints, missing: Bools | None = None) -> pa.Array:
    """The numbers as an array; NULL where one is marked as missing."""
    valid = None
    if missing is not None:
        valid = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    data = np.ascontiguousarray(values, np.int64)
    return pa.Array.from_buffers(
        pa.int64(), len(data), [valid, pa.py_buffer(data.view(np.uint8))]
    )


def counting(first: int, rows: int, step: int = 1) -> pa.Array:
    """The numbers from `first` on, every so many of the next `rows`."""
    return integers(np.arange(first, first + rows, step, dtype=np.int64))


def texts(values: Sequence[str | None]) -> pa.Array:
    """The texts as an array; NULL for None."""
    coded = [(value or "").encode("utf-8", "surrogatepass") for value in values]
    ends = np.cumsum([0, *map(len, coded)], dtype=np.int32)
    missing = np.fromiter((one is None for one in values), bool, len(values))
    valid = pa.py_buffer(np.packbits(~missing, bitorder="little"))
    data = [pa.py_buffer(ends), pa.py_buffer(b"".join(coded))]
    null = valid if missing.any() else None
    return pa.Array.from_buffers(pa.string(), len(coded), [null, *data])


def places(marks: Any) -> Ints:
    """Where a boolean array is true."""
    found = pc.indices_nonzero(marks)
    return np.frombuffer(found.buffers()[1], np.uint64, len(found)).astype(np.int64)
