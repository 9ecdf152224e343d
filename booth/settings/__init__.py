"""The settings: where they come from, what is wrong with them, and how they are shown. Each room keeps its sections.

On the way from a file to its effect: ``start`` knows with which a booth starts, ``sources`` reads each place,
``judging`` finds words for what is wrong, ``model`` names all sections, ``together`` knows what cannot be together,
``loading`` makes of it all the settings in force, and `booth.choices` of those what each part takes. ``showing`` prints
them, ``visit`` has the sections that no room has.
"""
