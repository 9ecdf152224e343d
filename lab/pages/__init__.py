"""What a program writes and the checkout keeps: pages, pictures, sounds, and words."""
