"""What those who edit the rules are shown: examples run, what an edit does, what holds."""
