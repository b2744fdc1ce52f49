"""The verbs of the chat. Each checks, writes and announces, in one transaction."""
