"""The pure parts of the scripts, tested by Node where there is one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.once
BASE = Path(__file__).resolve().parent.parent


def test_the_scripts_pass_their_own_tests():
    node = shutil.which("node")
    if node is None:
        assert not os.environ.get("CI"), "CI must run the tests of the scripts, and Node is missing"
        pytest.skip("Node is not installed; the tests of the scripts were not run.")
    files = sorted(str(path) for path in (BASE / "tests" / "js").glob("*.test.js"))
    assert files
    done = subprocess.run(
        [node, "--test", *files], cwd=BASE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
