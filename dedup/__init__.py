"""secondhand: tell first-hand news reporting from second-hand text."""

__version__ = "0.1.0"
