"""Times that a run measured: told at the end, never asserted tightly, since machines are shared."""

FIGURES: list[str] = []


def tell(subject: str, milliseconds: float) -> None:
    FIGURES.append(f"measured: {subject}: {milliseconds:.0f} ms")
