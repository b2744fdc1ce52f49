"""Files of people: checked by content, scanned, and stored as a copy that was written anew.

`checking.checked` is the one way in. What reads a file of a stranger (`pictures`, `documents`) runs
in a process of its own with limits (`copying`, `child`); it imports nothing of Django.
"""

MAX_BYTES = 10 * 1024 * 1024
