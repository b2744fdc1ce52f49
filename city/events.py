"""What rooms above may hear of the city. Signals fire inside the transaction of the action."""

from django.dispatch import Signal

# With `old`, `into` (both `Department`), `by` (a `User`) and `now`: what stands in the name of the
# old department goes along to the new one.
department_merged = Signal()
