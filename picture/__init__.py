"""What a recipe's picture is made of: the recipe, its colours, its rings, and the file."""
