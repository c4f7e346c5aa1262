"""The Flask service: HTTP in, reports out. No detection logic."""
