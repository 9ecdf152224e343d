"""The screen and its touch panel: the only rooms of the booth where pygame lives.

``screen`` shows scenes and is asked what a guest did. ``scenes`` has a file for each kind, ``pieces`` what they share;
both see the world as a ``stage``, and say what can be touched as ``widgets``. What an owner sets is the ``dress``,
which is on the stage; the sections of all else that guests meet are in ``settings``. ``touch`` says what hands did,
``steady`` what of it a panel has made up, ``hands`` make events of ``fingers`` and of keys on the form's ``tray``, and
``feedback`` is what shows of that; ``typing`` has the keyboards.
``drawing`` and ``text`` paint and write, in the boxes of ``layout`` and the colours of ``theme``; ``words`` and
``languages`` are what is said. ``kitchen`` is the scenery around a simulated screen.
"""
