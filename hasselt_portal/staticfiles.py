"""Static files with hashed names, imports between ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """Rewrites `import "./x.js"` to the hashed name, so that modules are cached for ever."""

    support_js_module_import_aggregation = True
    # A page that names a file which collectstatic has not seen must fail in a test, not in the
    # browser; but a missing manifest (tests, a fresh clone) falls back to the plain name.
    manifest_strict = False
