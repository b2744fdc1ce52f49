"""Times that a run measured. They are told at the end, never asserted tightly: machines are shared."""

FIGURES: list[str] = []


def tell(subject: str, milliseconds: float) -> None:
    FIGURES.append(f"measured: {subject}: {milliseconds:.0f} ms")
