"""How the pictures of the demo were made."""
