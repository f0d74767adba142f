"""What the page Explore shows below its player, when it is opened."""
