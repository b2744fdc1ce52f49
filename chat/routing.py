"""Sockets of the chat."""

citizen_sockets: list = []


def staff_sockets(stack) -> list:
    return []
