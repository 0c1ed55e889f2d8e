"""From findings to caps, moderated grades and what happens next (design §5)."""
