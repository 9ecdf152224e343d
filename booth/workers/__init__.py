"""Carries out the machine's effects, each slow device on a thread of its own, and answers with events.

Threads with an inbox each: the *studio* owns the camera and brings frames to the medium, the *darkroom* makes
animations and hands visits over, the *clerk* writes down what must not be lost, the *caretaker* looks after the parts,
and the *gallery*, where there is one, reads what the invitation shows.
A job that raises is answered all the same: this package is where exceptions become events, and the place for a broad
catch. A job that hangs shows in `Crew.stuck`, and the watchdog is not fed.
"""

from booth.workers.console import Console
from booth.workers.crew import Crew
from booth.workers.darkroom import Contact, Darkroom
from booth.workers.gallery import Gallery
from booth.workers.lookout import Lookout, Seldom
from booth.workers.studio import Studio
from booth.workers.worker import Hire, Worker

__all__ = ["Console", "Contact", "Crew", "Darkroom", "Gallery", "Hire", "Lookout", "Seldom", "Studio", "Worker"]
