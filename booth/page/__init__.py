"""A page for each guest: what it says, how it looks, and who makes it when the bucket has all that it leads to."""
