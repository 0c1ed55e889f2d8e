"""One file a version, in order; a file that ledgers have had is never changed."""
