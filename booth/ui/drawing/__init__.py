"""What is painted with: a canvas and its patches, shapes, signs, pictures, the microwave, and the display's glass."""
