"""Choosing: the one thing that random policies and cases are made with, from hypothesis or from a seed."""

import random

from hypothesis import strategies as st


class Choice:
    """Chooses among things. `number(most)` gives a whole number from 0 to `most`."""

    def __init__(self, number):
        self._number = number

    def below(self, count):
        return self._number(count - 1)

    def between(self, least, most):
        return least + self._number(most - least)

    def of(self, things):
        return things[self.below(len(things))]

    def chance(self, percent):
        return self._number(99) < percent

    def some(self, things, percent=50):
        return [thing for thing in things if self.chance(percent)]

    def shuffled(self, things):
        left, found = list(things), []
        while left:
            found.append(left.pop(self.below(len(left))))
        return found


def seeded(seed):
    """Choices that a seed fixes, for long runs."""
    pick = random.Random(seed)
    return Choice(lambda most: pick.randint(0, most))


choices = st.composite(lambda draw: Choice(lambda most: draw(st.integers(0, most)) if most > 0 else 0))()
"""Choices that hypothesis makes, and makes simpler when something fails."""
