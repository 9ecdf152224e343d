"""A V4L2 device as the kernel's `vivid` pretends one: 640x360, whatever is asked for."""

import pygame
import pygame.camera

VIVID = (640, 360)


class VividCamera(pygame.camera.AbstractCamera):
    """Pictures that differ, each ready at the third question. The left half is dark, the right half red."""

    def __init__(self, device, size=(640, 480), format="RGB"):  # noqa: A002  pygame's own name
        self.device = device
        self.asked = size
        self.started = False
        self.stops = 0
        self.stalled = False
        self.broken = None
        self.taken = 0
        self.drained = 0
        self._questions = 0

    def start(self):
        self.started = True

    def stop(self):
        self.started = False
        self.stops += 1

    def get_size(self):
        return VIVID

    def query_image(self):
        if self.broken is not None:
            raise self.broken
        self._questions += 1
        return not self.stalled and self._questions % 3 == 0

    def get_image(self, dest_surf=None):
        surface = pygame.Surface(VIVID, 0, 24)
        surface.fill((230, 20, 20), (VIVID[0] // 2, 0, VIVID[0] // 2, VIVID[1]))
        for x in range(0, VIVID[0] // 2, 8):
            pygame.draw.line(surface, (0, 0, (x + self.taken) % 96), (x, 0), (x + 40, VIVID[1]), 3)
        self.taken += 1
        return surface

    def get_raw(self):
        self.drained += 1
        self.taken += 1
        return b"\x80" * (2 * VIVID[0] * VIVID[1])


class VividBackend:
    """As much of `pygame.camera` as the driver uses."""

    def __init__(self, *, devices=("/dev/video0",), refuses=None):
        self.devices = list(devices)
        self.refuses = refuses
        self.opened = []

    def init(self):
        pass

    def list_cameras(self):
        return self.devices

    def Camera(self, device, size, format):  # noqa: A002, N802  pygame's own names
        if self.refuses is not None:
            raise self.refuses
        self.opened.append(VividCamera(device, size, format))
        return self.opened[-1]
