"""The catalogue of methods: what the methods page, the calculator, CLI and API read.

A method is a pure function of plain data that returns a frozen dataclass. Registering
it is all it takes to be shown, calculated, called and checked against the cases.
"""

import dataclasses
import inspect
import json
import math
import re
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeVar

Reason = Literal[
    "insufficient_data",
    "zero_variance",
    "zero_denominator",
    "no_sign_change",
    "multiple_roots",
    "unstable",
    "not_reached",
    "cycle",
    "inconsistent",
]

NUMERIC = {int, float, Decimal}


@dataclasses.dataclass(frozen=True)
class Result:
    """The result of a method: unrounded figures, None with a reason where undefined."""

    def as_json(self) -> dict[str, Any]:
        """Return the fields as JSON-ready values."""
        return {
            field.name: plain(getattr(self, field.name))
            for field in dataclasses.fields(self)
        }


Function = TypeVar("Function", bound=Callable[..., Result])


@dataclasses.dataclass(frozen=True)
class Parameter:
    """One input of a method, as a calculator asks for it."""

    name: str
    required: bool
    default: Any
    type_label: str
    choices: tuple[str, ...]
    description: str


class UnknownMethod(KeyError):
    """No method is registered under this key."""

    def __str__(self) -> str:
        return f"There is no method called {self.args[0]!r}."


@dataclasses.dataclass(frozen=True)
class Method:
    """One registered method with everything that explains it."""

    key: str
    name: str
    source: str
    version: str
    formula: str
    phase: int
    example: Mapping[str, Any]
    function: Callable[..., Result]
    inputs: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The inputs in order, from the signature and the docstring."""
        described = _descriptions(self.function) | dict(self.inputs)
        hints = typing.get_type_hints(self.function)
        return tuple(
            Parameter(
                name=name,
                required=given.default is given.empty,
                default=None if given.default is given.empty else plain(given.default),
                type_label=type_label(hints[name]),
                choices=_choices(hints[name]),
                description=described.get(name, ""),
            )
            for name, given in inspect.signature(self.function).parameters.items()
        )

    @cached_property
    def explanation(self) -> str:
        """The docstring without the lines about single inputs."""
        return (
            inspect.cleandoc(self.function.__doc__ or "").split("\n:param")[0].strip()
        )

    def run(self, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Compute from named inputs and return JSON-ready values.

        :raises ValueError: an input is unknown, missing or invalid; it names the field.
        """
        if not isinstance(inputs, Mapping):
            raise ValueError("inputs: give a table of names and values.")
        names = [parameter.name for parameter in self.parameters]
        for name in inputs:
            if name not in names:
                takes = ", ".join(names)
                raise ValueError(f"{name}: {self.key} has no such input, only {takes}.")
        for parameter in self.parameters:
            if parameter.required and parameter.name not in inputs:
                raise ValueError(f"{parameter.name}: this input is missing.")
        try:
            return self.function(**inputs).as_json()
        except OverflowError as error:
            raise ValueError(f"inputs: too large for {self.key}.") from error


_methods: dict[str, Method] = {}


def method(
    key: str,
    *,
    name: str,
    source: str,
    version: str,
    formula: str,
    phase: int,
    example: Mapping[str, Any],
    inputs: Mapping[str, str] | None = None,
) -> Callable[[Function], Function]:
    """Register the decorated function under a key and leave it as it is.

    Inputs are described by ``:param`` lines of the docstring, or, where there are many,
    by the table ``inputs``.
    """

    def register(function: Function) -> Function:
        if key in _methods:
            raise ValueError(f"{key}: this method is registered twice.")
        _methods[key] = Method(
            key,
            name,
            source,
            version,
            formula,
            phase,
            example,
            function,
            inputs or {},
        )
        return function

    return register


def methods() -> list[Method]:
    """Return all registered methods, by key."""
    return [_methods[key] for key in sorted(_methods)]


def get(key: str) -> Method:
    """Return the method of this key.

    :raises UnknownMethod: nothing is registered under it.
    """
    if key not in _methods:
        raise UnknownMethod(key)
    return _methods[key]


def run_json(key: str, inputs: str) -> str:
    """Run a method on inputs written as JSON and return the result as JSON.

    :raises UnknownMethod: nothing is registered under the key.
    :raises ValueError: the text is no JSON, or an input is invalid.
    """
    chosen = get(key)
    return json.dumps(chosen.run(parse_json(inputs)), allow_nan=False)


def parse_json(text: str) -> Any:
    """Return the JSON value of a text; NaN and infinities are refused."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"The input is not valid JSON: {error}.") from error


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def plain(value: Any) -> Any:
    """Turn dataclasses, tuples, Decimals, dates and enums into JSON-ready values."""
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return _finite(float(value))
    if isinstance(value, date):
        return value.isoformat()
    if dataclasses.is_dataclass(value):
        return {
            field.name: plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(content) for key, content in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    raise TypeError(f"{type(value).__name__} has no JSON form.")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("inputs: they lead to a result that is not a finite number.")
    return value


def type_label(hint: Any) -> str:
    """Name the type of an input in words a person reads beside the field."""
    options = set(_options(hint))
    if options == {int}:
        return "whole number"
    if options <= NUMERIC:
        return "number"
    if options == NUMERIC | {str}:
        return "amount"
    only = options.pop()
    if typing.get_origin(only) is Literal:
        return f"one of {', '.join(typing.get_args(only))}"
    if typing.get_origin(only) is Sequence:
        return f"list of {_plural(type_label(typing.get_args(only)[0]))}"
    return {str: "text", bool: "yes or no"}.get(only, "table")


def _options(hint: Any) -> list[Any]:
    is_union = isinstance(hint, types.UnionType) or typing.get_origin(hint) in (
        typing.Union,
    )
    options = typing.get_args(hint) if is_union else (hint,)
    return [option for option in options if option is not types.NoneType]


def _plural(label: str) -> str:
    first, *rest = label.split(" of ", 1)
    many = "yes or no answers" if first == "yes or no" else f"{first}s"
    return " of ".join([many, *rest])


def _choices(hint: Any) -> tuple[str, ...]:
    for option in _options(hint):
        if typing.get_origin(option) is Literal:
            return typing.get_args(option)
    return ()


def _descriptions(function: Callable[..., Result]) -> dict[str, str]:
    lines = inspect.cleandoc(function.__doc__ or "")
    found = re.findall(r"^:param (\w+): (.+(?:\n    .+)*)", lines, re.MULTILINE)
    return {name: " ".join(text.split()) for name, text in found}


@dataclasses.dataclass(frozen=True)
class CasesReport:
    """How many reference cases hold, and a line for each that does not."""

    passed: int
    failed: int
    not_implemented: int
    lines: tuple[str, ...]

    @property
    def summary(self) -> str:
        """The closing line of the report."""
        return (
            f"{self.passed} passed, {self.failed} failed, "
            f"{self.not_implemented} not implemented"
        )


def run_cases(path: str | Path) -> CasesReport:
    """Run the reference cases of a file and report those that fail.

    :raises ValueError: the file cannot be read, or has another form.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"The file of cases cannot be read: {error}.") from error
    content = parse_json(text)
    if not isinstance(content, dict) or not isinstance(content.get("cases"), list):
        raise ValueError("The file of cases has no list named cases.")
    return check_cases(content["cases"])


def check_cases(cases: Sequence[Mapping[str, Any]]) -> CasesReport:
    """Run reference cases; those of unregistered methods are counted apart."""
    passed, absent, lines = 0, 0, []
    for case in cases:
        if _case_key(case) not in _methods:
            absent += 1
            continue
        difference = _difference_of_case(case)
        if difference:
            lines.append(f"{case['id']} ({case['method']}): {difference}")
        else:
            passed += 1
    return CasesReport(passed, len(lines), absent, tuple(lines))


def _case_key(case: Any) -> str:
    wanted = {"id", "method", "inputs", "expected", "tolerance"}
    if not isinstance(case, Mapping) or wanted - case.keys():
        raise ValueError(f"A case needs {', '.join(sorted(wanted))}.")
    return str(case["method"])


def _difference_of_case(case: Mapping[str, Any]) -> str:
    try:
        got = get(case["method"]).run(case["inputs"])
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        return f"raised {type(error).__name__}: {error}"
    return difference("result", got, case["expected"], case["tolerance"])


def difference(place: str, got: Any, want: Any, tolerance: float) -> str:
    """Say where a result departs from the expected one; nothing when it does not."""
    if isinstance(want, dict) and isinstance(got, dict):
        pairs = [(f"{place}.{key}", got.get(key, ...), want[key]) for key in want]
    elif isinstance(want, list) and isinstance(got, list) and len(got) == len(want):
        pairs = [
            (f"{place}[{index}]", *pair)
            for index, pair in enumerate(zip(got, want, strict=True))
        ]
    elif _same(got, want, tolerance):
        return ""
    else:
        return f"{place} is {got!r}, expected {want!r}"
    found = (difference(name, left, right, tolerance) for name, left, right in pairs)
    return next((text for text in found if text), "")


def _same(got: Any, want: Any, tolerance: float) -> bool:
    numeric = [
        isinstance(value, int | float) and not isinstance(value, bool)
        for value in (got, want)
    ]
    if all(numeric):
        return bool(abs(got - want) <= tolerance)
    return type(got) is type(want) and bool(got == want)
