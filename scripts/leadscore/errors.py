"""The error that a person can mend."""


class LeadscoreError(Exception):
    """Data or rules are wrong; the message says what, where and how to mend it."""
