"""A postguard plugin: what in a draft lets a stranger reach or enter."""
