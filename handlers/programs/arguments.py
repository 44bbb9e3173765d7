"""What a program gave, made into arguments of an operation. Pure."""

import re
from collections.abc import Iterable
from typing import Any

from handlers.programs.operations import Operation, Parameter
from storage.errors import UsageError


def read_arguments(operation: Operation, given: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """The arguments by name, defaults filled in. Raises UsageError, which names the argument."""
    values: dict[str, object] = {}
    known = {parameter.name: parameter for parameter in operation.parameters}
    for name, value in given:
        if name not in known:
            raise UsageError(
                "an argument is unknown", where=operation.name, hint=f"give {', '.join(known)}"
            )
        if name in values:
            raise UsageError("is given twice", where=name, hint="give it once")
        values[name] = value
    return {
        name: value
        for name, parameter in known.items()
        if (value := _read(parameter, values.get(name))) is not None
    }


def _read(parameter: Parameter, value: object) -> Any:
    schema = parameter.schema
    if value is None:
        if parameter.required:
            raise UsageError("is missing", where=parameter.name, hint="give it")
        return schema.get("default")
    if schema["type"] == "integer":
        return _integer(parameter, value)
    if not isinstance(value, str) or "\x00" in value:
        raise UsageError("is no text", where=parameter.name, hint="give a text")
    if value not in schema.get("enum", [value]):
        choices = ", ".join(schema["enum"])
        raise UsageError("knows no such value", where=parameter.name, hint=f"choose of {choices}")
    if len(value) > schema.get("maxLength", len(value)):
        raise UsageError("is too long", where=parameter.name, hint="see the description")
    return value


def _integer(parameter: Parameter, value: object) -> int:
    low, high = parameter.schema["minimum"], parameter.schema["maximum"]
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise UsageError(
            "is no number of this range", where=parameter.name, hint=f"give {low} to {high}"
        )
    return value
