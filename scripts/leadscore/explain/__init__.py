"""`leadscore explain`: why one lead has the score it has, told from its ledger."""
