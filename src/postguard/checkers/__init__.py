"""The rules, one file for each family; each is a plugin like anybody else's."""
