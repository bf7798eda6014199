"""`leadscore whatif`: scores everybody with changed rules beside the current ones.

``edits`` tells two folders of rules apart, ``variants`` writes them side by side so that one run
scores the rules with all edits and with each alone, ``trial`` runs it, ``effects`` counts what
comes of it; ``terminal``, ``markdown`` and ``page`` show it.
"""

from leadscore.whatif.effects import WhatIf
from leadscore.whatif.scoring import what_if

__all__ = ["WhatIf", "what_if"]
