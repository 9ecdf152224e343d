"""Picamera2 as it is, over a libcamera that is pretended: camera modules that nobody has plugged in.

The law: nothing of the library is exchanged, so what the booth's driver meets here is what it meets on a Raspberry Pi,
down to the binding of libcamera. Below that, all is pretended: `sensors` has what each module can do, `floor` is what a
test turns, `binding` is libcamera as Python sees it, `scene` paints and reads what the sensor sees, and `plugging`
brings it together. What is pretended is as the Raspberry Pi's pipeline for VC4 (up to a Pi 4) has it.
"""
