"""The machinery under whatever command COMMAND names: nothing here knows what is asked for, or what is drawn."""
