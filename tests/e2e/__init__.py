"""The whole house seen through a browser: real processes, real Chromium."""
