"""A machine that never was, for pages: files in which a kernel would tell of it, and programs that are asked."""

from collections.abc import Mapping
from pathlib import Path

FILES: Mapping[str, str] = {
    "sys/class/thermal/thermal_zone0/temp": "51300\n",
    "sys/devices/platform/soc/soc:firmware/get_throttled": "10000\n",
    "proc/self/mountinfo": "36 1 179:2 / / rw,noatime - ext4 /dev/mmcblk0p2 rw\n",
    "sys/fs/ext4/mmcblk0p2/errors_count": "0\n",
    "sys/devices/mmc/block/mmcblk0/mmcblk0p2/partition": "2\n",
    "proc/net/wireless": "Inter-| sta-|   Quality\n face | tus | link level noise\n wlan0: 0000 54. -61. -256 0 0\n",
    "sys/class/net/wlan0/operstate": "up\n",
    "proc/bus/input/devices": 'N: Name="raspberrypi-ts"\nB: PROP=2\nB: ABS=2608000 3\n',
    "etc/booth/update.pub": "a key\n",
}
"""A Pi whose supply was too weak once, and whose Wi-Fi sleeps."""

TOOLS: Mapping[str, str] = {
    "systemctl": "echo LoadState=loaded; echo UnitFileState=enabled; echo MainPID=1",
    "iw": "echo Power save: on",
}


def pretended(folder: Path) -> tuple[Path, Path]:
    """Put that machine below *folder*; return its root, and where its programs are."""
    root, tools = folder / "root", folder / "tools"
    for name, content in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    link = root / "sys/dev/block/179:2"
    link.parent.mkdir(parents=True)
    link.symlink_to(root / "sys/devices/mmc/block/mmcblk0/mmcblk0p2")
    tools.mkdir()
    for name, line in TOOLS.items():
        (tools / name).write_text(f"#!/bin/sh\n{line}\n")
        (tools / name).chmod(0o755)
    return root, tools
