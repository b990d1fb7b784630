"""Single lines of an AWS file: taking an option's line apart, and writing one. Pure."""

from awsctx.awsfiles import grammar
from awsctx.awsfiles.headers import EditError, cannot_be_written
from awsctx.awsfiles.ops import Value


def line_end(line: str) -> str:
    """The line's end as it is in the file: `\\n`, `\\r\\n`, a lone `\\r`, or nothing."""
    for end in ("\r\n", "\n", "\r"):
        if line.endswith(end):
            return end
    return ""


def indent(line: str) -> str:
    """The white space before the first letter; empty for a blank line."""
    return line[: len(line) - len(line.lstrip())] if line.strip() else ""


def option_lines(key: str, value: Value, *, before: str, between: str, end: str) -> list[str]:
    """A new option's lines: ``before`` is the indentation, ``between`` stands between key and value.

    Raises EditError where botocore would not read the same key and value back.
    """
    if isinstance(value, str):
        _check(key, value)
        return [f"{before}{key}{between if value else between.rstrip()}{value}{end}"]
    lines = [f"{before}{key}{between.rstrip()}{end}"]
    for inner, text in value.items():
        _check(inner, text)
        lines.append(f"{before}    {inner} = {text}{end}")
    if not value or grammar.nested("\n" + "\n".join(lines[1:])) != dict(value):
        raise EditError(f"the block of {key} cannot be written: botocore would not read it back")
    _check(key, "")
    return lines


def with_value(line: str, value: Value) -> list[str]:
    """The lines of an option with another value. The key, the delimiter and the white space stay as they are."""
    key, delimiter, blanks, old, rest = parts(line)
    if not isinstance(value, str):
        block = option_lines(key.strip(), value, before=indent(line), between=" = ", end=line_end(line))
        return [f"{key}{delimiter}{rest}", *block[1:]]
    _check(key.strip(), value)
    if not value:
        return [f"{key}{delimiter}{rest}"]
    if not old and not blanks and key[-1:].isspace():
        blanks = " "
    return [f"{key}{delimiter}{blanks}{value}{rest}"]


def parts(line: str) -> tuple[str, str, str, str, str]:
    """An option's line as (key and white space, delimiter, white space, value, white space and line end)."""
    at = grammar.delimiter(line)
    key, rest = line[:at], line[at + 1 :]
    value = rest.strip()
    if not value:
        end = line_end(rest)
        return key, line[at], rest.removesuffix(end), "", end
    start = rest.index(value)
    return key, line[at], rest[:start], value, rest[start + len(value) :]


def between(line: str) -> str:
    """The delimiter for a new option like this one: `=` where this one has no white space around it, else ` = `."""
    key, _, blanks, value, _ = parts(line)
    return "=" if value and not blanks and not key[-1:].isspace() else " = "


def _check(key: str, value: str) -> None:
    seen = list(grammar.scan(["[x]", f"{key} = {value}"]))[1:]
    if seen != [(grammar.OPTION, key.lower(), value)] or cannot_be_written(key + value.replace("\t", " ")):
        raise EditError(f"a value of {key!a} cannot be written: it has control characters, or white space around it")
