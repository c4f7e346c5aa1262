"""The index: which known articles share keys with a new one, and what they say."""
