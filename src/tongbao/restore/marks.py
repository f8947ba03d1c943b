"""What fixes say of the places that they changed, and numbers for combinations of it: one place may bear many."""

from typing import NamedTuple


class Mark(NamedTuple):
    """What a fix says of a place that it changed; `order` counts the fixes."""

    order: int
    kind: str
    confidence: float = 1.0
    verified_by: str = ""
    note: str = ""


class Marks:
    """Combinations of marks by their numbers; 0 is none."""

    def __init__(self) -> None:
        """Begin with the empty combination."""
        self._marks: list[tuple[Mark, ...]] = [()]
        self._numbers: dict[tuple[Mark, ...], int] = {(): 0}
        self.cut: list[int] = []
        """Combinations with a cut line among them."""
        self.blank: list[int] = []
        """Combinations of blanks alone."""

    def __len__(self) -> int:
        """How many combinations there are."""
        return len(self._marks)

    def __getitem__(self, number: int) -> tuple[Mark, ...]:
        """The marks of a combination."""
        return self._marks[number]

    def number(self, marks: tuple[Mark, ...]) -> int:
        """The number of a combination, in the order of the fixes."""
        marks = tuple(sorted(dict.fromkeys(marks), key=lambda m: m.order)) if len(marks) > 1 else marks
        found = self._numbers.get(marks)
        if found is None:
            found = self._numbers[marks] = len(self._marks)
            self._marks.append(marks)
            if any(mark.kind == "furniture" for mark in marks):
                self.cut.append(found)
            elif marks[0].kind == "spacing" and len(marks) == 1:
                self.blank.append(found)
        return found
