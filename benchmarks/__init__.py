"""How fast, against the blog post's way. `make bench` runs it all."""
