"""What the tests of questions share."""

from common.testing.smtp import mail_server

__all__ = ["mail_server"]
