"""A rule that was broken, named by a code that every doorway can translate."""


class RuleBroken(Exception):
    """Raised by actions. `code` is stable (clients match on it); `params` fill the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
