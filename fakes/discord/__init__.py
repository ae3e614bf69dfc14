"""Discord on localhost: its rules, its API, and the interactions that it sends."""
