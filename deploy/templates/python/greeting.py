"""What the server says to a visitor."""


def greeting(name: str | None) -> str:
    return f"Hello, {name or 'world'}!"
