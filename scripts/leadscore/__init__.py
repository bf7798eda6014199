"""The command line of the lead-scoring warehouse: one module per command."""
