"""The verbs of questions: each checks, writes and announces in one transaction."""
