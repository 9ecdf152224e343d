"""The layout of what guests take home: the event's logo, title, date and caption, laid over each product.

``keys`` has what a layout's tables may hold, ``layout`` reads a file of them and judges it, ``drawing`` draws it for a
picture of one size, ``plates`` keeps what was drawn where gm finds it, ``settings`` has the section.
"""
