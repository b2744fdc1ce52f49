"""`python -m benchmarks`: runs all, or those that are named (see `ALL`)."""

import sys

from benchmarks import (
    chat,
    console,
    masking,
    memory,
    phone_first,
    queue_race,
    suggestions,
    waiting,
    weight,
)

ALL = {
    "weight": weight.main,
    "memory": memory.main,
    "masking": masking.main,
    "waiting": waiting.main,
    "suggestions": suggestions.main,
    "queue_race": queue_race.main,
    "phone_first": phone_first.main,
    "console": console.main,
    "chat": chat.main,
}


def main(names: list[str]) -> int:
    """Returns 1 when one of them found something lost or missing."""
    unknown = sorted(set(names) - set(ALL))
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(ALL)}.")
        return 2
    outcome = 0
    for name in names or ALL:
        print(f"\n=== {name} ===", flush=True)
        outcome = max(outcome, ALL[name]([]))
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
