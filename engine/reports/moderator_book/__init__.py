"""The moderators' workbooks: blind grades first, and after the reveal the grades they stand by."""
