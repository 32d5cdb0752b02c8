"""What a picture shows and what its file hides. Knows no rule, no policy."""
