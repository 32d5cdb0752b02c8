"""What a text says. Knows no rule and no policy: it takes plain values and gives values."""
