"""What is made of frames: the animation, and the products beside it.

``recipe`` knows what gm is asked, ``gm`` and ``child`` how it is run and what its errors say, ``graphicsmagick`` makes
the animation of that, and ``playback`` reads it. ``budget`` and ``blocks`` keep it small. ``clip`` and ``strip`` are
products beside it: ``composing`` lays their frames out. ``judge`` looks whether a frame is a picture at all.
"""
