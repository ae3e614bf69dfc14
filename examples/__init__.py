"""Other commands on the same machinery, each a module that COMMAND may name: see docs/your-own-command.md."""
