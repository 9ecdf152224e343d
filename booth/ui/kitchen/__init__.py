"""The scenery around a simulated screen: a microwave oven, and what it does while a scene is shown."""
