"""A Discord on localhost, in the browser and on the terminal: `python -m playground`. Never deployed."""
