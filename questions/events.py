"""What rooms above may hear of a question. Signals fire inside the transaction of the action.

Each sends `escalation` (with `question` and `department` joined), `entry` (the line in its course)
and `now`. Receivers only write rows; what they announce goes out after the commit.
A receiver of `asked_back` or `answered` returns whether it told the citizen.
"""

from django.dispatch import Signal

passed_on = Signal()  # registered, or sent to another department: the citizen may hear of it
asked_back = Signal()
answered = Signal()
closed = Signal()
