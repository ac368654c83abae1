"""Where the cells of a CSV stand in its text, so that one can be changed and every other character stays.

Cells are told apart exactly as Python's csv module does: quotes matter at the start of a cell alone, a doubled quote is
one, and a line break within quotes belongs to the cell.
"""

from collections.abc import Iterator

_QUOTE = '"'


def rows(text: str, delimiter: str) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Yield for each row the line that it ends on and where each of its cells starts and ends, quotes included."""
    line, position = 1, 0
    while position < len(text):
        cells: list[tuple[int, int]] = []
        while True:
            end = _end_of_cell(text, position, delimiter)
            cells.append((position, end))
            # Quotes that nobody closes end with the text, and its last break begins no line.
            line += _breaks(text[position:end]) - (end == len(text) > position and text[-1] in "\r\n")
            position = end + 1
            if text[end : end + 1] != delimiter:
                break
        yield line, cells
        if text.startswith("\r\n", position - 1):
            position += 1
        line += 1


def _end_of_cell(text: str, start: int, delimiter: str) -> int:
    position = start
    if text[start : start + 1] == _QUOTE:
        position = _end_of_quotes(text, start + 1)
    while position < len(text) and text[position] not in (delimiter, "\r", "\n"):
        position += 1
    return position


def _end_of_quotes(text: str, position: int) -> int:
    while True:
        closing = text.find(_QUOTE, position)
        if closing < 0:
            return len(text)
        if text[closing + 1 : closing + 2] != _QUOTE:
            return closing + 1
        position = closing + 2


def _breaks(cell: str) -> int:
    return cell.count("\n") + cell.count("\r") - cell.count("\r\n")
