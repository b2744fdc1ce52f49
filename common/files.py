"""Where files of people lie: outside the web root, each with a random name."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage


def private_files() -> Storage:
    """The folder that no address serves; a view hands a file out after a check of access."""
    return FileSystemStorage(
        location=settings.PRIVATE_FILES,
        base_url=None,
        file_permissions_mode=0o600,
        directory_permissions_mode=0o700,
    )
