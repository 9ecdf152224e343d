"""What `booth bucket` plans, makes and looks at."""
