"""``network.toml``: who this machine is in a network, and how it gets into one.

What is wrong is told all at once, in words, and without any password; what is right is used, whatever is wrong beside
it.
"""

import re
import unicodedata
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from ipaddress import ip_address, ip_interface
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from booth.appliance.countries import code_of

MOVED = "(moved)"
"""What stands on the card in place of a password that is in safekeeping."""

MOST_WIFI = 20
"""Networks in the list; more are a mistake."""

_SSH_KINDS = (
    "ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com",
)  # fmt: skip


# --- What a value may be ---------------------------------------------------------------------------------------------


def _hostname(name: str) -> str:
    if name and not re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name):
        raise ValueError("expected 1 to 63 small letters, digits and inner hyphens, such as booth-2")
    return name


def _timezone(name: str) -> str:
    if name and not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}", name):
        raise ValueError("expected a place as the world's clocks know it, such as Europe/Paris")
    return name


def _country(code: str) -> str:
    return code_of(code) if code else code


def _ssid(name: str) -> str:
    if not 1 <= len(name.encode()) <= 32:
        raise ValueError("expected a name of 1 to 32 bytes; letters with accents take two")
    return name


def _password(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if text == MOVED:
        raise ValueError("it was moved off a card, but it is not kept on this one: write it again")
    if text and not (8 <= len(text.encode()) <= 63 or re.fullmatch(r"[0-9a-fA-F]{64}", text)):
        raise ValueError("expected 8 to 63 characters, or nothing at all for a network that is open")
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} for char in text):
        raise ValueError("expected characters that can be typed: write it again")
    return secret


def _address(text: str) -> str:
    if text:
        try:
            whole = "/" in text and "%" not in text and ip_interface(text)
        except ValueError:
            whole = False
        if not whole:
            raise ValueError("expected an address and how much of it is the network's, such as 192.0.2.7/24")
    return text


def _host(text: str) -> str:
    try:
        # Which interface an address is on may be said behind a %, in any letters: those of a name alone.
        if re.fullmatch(r"[^%]*(%[A-Za-z0-9._-]{1,15})?", text):
            return str(ip_address(text)) if text else ""
    except ValueError:
        pass
    raise ValueError("expected an address of numbers, such as 192.0.2.1")


def _public_key(text: str) -> str:
    """Take a line of a .pub file, without options: what a key may do is not decided on a card."""
    line = text.strip()
    if "PRIVATE KEY" in line:
        raise ValueError("this is a private key, which is for nobody else's eyes: put the line of the .pub file here")
    kind, _, rest = line.partition(" ")
    try:
        known = kind in _SSH_KINDS and b64decode(rest.split(" ")[0], validate=True)[4:].startswith(kind.encode())
    except Base64Error:
        known = False
    if not known or not line.isprintable():
        raise ValueError("expected the one line of a .pub file, such as ssh-ed25519 AAAA... you@laptop")
    return line


def _listed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


Host = Annotated[str, AfterValidator(_host)]
Hosts = Annotated[tuple[Host, ...], BeforeValidator(_listed)]
PublicKeys = Annotated[tuple[Annotated[str, AfterValidator(_public_key)], ...], BeforeValidator(_listed)]


def _key(default: Any, expected: str) -> Any:
    """Describe a key: what it is when it is not there, and what it may be."""
    return Field(default, description=expected)


class Table(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)


class Identity(Table):
    """``[machine]``."""

    hostname: Annotated[str, AfterValidator(_hostname)] = _key("", 'text, such as "booth-2"')
    timezone: Annotated[str, AfterValidator(_timezone)] = _key("", 'text, such as "Europe/Paris"')
    country: Annotated[str, AfterValidator(_country)] = _key("", 'text, such as "FR"')


class Wifi(Table):
    """One ``[[wifi]]``."""

    ssid: Annotated[str, AfterValidator(_ssid)] = Field(description="the network's name in quotes")
    password: Annotated[SecretStr, AfterValidator(_password)] = _key(SecretStr(""), "text in quotes")
    hidden: bool = _key(False, "true or false")


class Ethernet(Table):
    """``[ethernet]``: the board's own socket, as the network says (DHCP) unless there is an address."""

    address: Annotated[str, AfterValidator(_address)] = _key("", 'text, such as "192.0.2.7/24"')
    gateway: Host = _key("", 'text, such as "192.0.2.1"')
    dns: Hosts = _key((), 'addresses in brackets, such as ["192.0.2.1"]')
    usb: bool = _key(False, "true or false")
    """Whether an adapter that is plugged into USB is a cable, too."""


class Ssh(Table):
    """``[ssh]``: nobody, unless there is a key."""

    authorized_keys: PublicKeys = _key(
        (), 'lines of .pub files in quotes and brackets, such as ["ssh-ed25519 AAAA..."]'
    )


@dataclass(frozen=True)
class Network:
    """What is right of the file."""

    machine: Identity = field(default_factory=Identity)
    wifi: Mapping[int, Wifi] = field(default_factory=dict)
    """By their place in the list: what is wrong of it is not here."""
    ethernet: Ethernet = field(default_factory=Ethernet)
    ssh: Ssh = field(default_factory=Ssh)


_PARTS = {"machine": Identity, "wifi": Wifi, "ethernet": Ethernet, "ssh": Ssh}
_Table = TypeVar("_Table", bound=Table)


# --- Judging ---------------------------------------------------------------------------------------------------------


def judge(written: Mapping[str, Any], zones: Path) -> tuple[Network, list[str]]:
    """Return what is right of *written*, and what is wrong, a line for each mistake.

    *zones* is where the machine's time zones are.
    """
    mistakes = [_unknown(name, _PARTS) for name in written if name not in _PARTS]
    machine = _judged(Identity, written.get("machine", {}), "machine", mistakes)
    if machine.timezone and not (zones / machine.timezone).is_file():
        mistakes.append(_no_such_zone(machine.timezone, zones))
        machine = machine.model_copy(update={"timezone": ""})
    ethernet = _judged(Ethernet, written.get("ethernet", {}), "ethernet", mistakes)
    if ethernet.address:
        whole = ip_interface(ethernet.address)
        if ethernet.gateway and ip_address(ethernet.gateway) not in whole.network:
            mistakes.append(
                f"ethernet.gateway: {ethernet.gateway} is not in the network of {whole}: correct one of them"
            )
    elif (ethernet.gateway or ethernet.dns) and not _has(written, "ethernet", "address"):
        mistakes.append('ethernet: gateway and dns go with an address: write address = "192.0.2.7/24", or remove them')
    ssh = _judged(Ssh, written.get("ssh", {}), "ssh", mistakes)
    wifi = dict(_networks(written.get("wifi", []), mistakes))
    if wifi and not machine.country and not _has(written, "machine", "country"):
        mistakes.append(
            'machine.country: is missing: Wi-Fi has other rules in each country: write country = "FR" under [machine]'
        )
    return Network(machine, wifi, ethernet, ssh), mistakes


def _has(written: Mapping[str, Any], section: str, key: str) -> bool:
    table = written.get(section)
    return isinstance(table, dict) and bool(table.get(key))


def _networks(listed: object, mistakes: list[str]) -> Iterator[tuple[int, Wifi]]:
    # One network written as [wifi] is what was meant.
    entries = [listed] if isinstance(listed, dict) else listed
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        mistakes.append("wifi: expected [[wifi]] on a line of its own, and ssid and password below it")
        return
    if len(entries) > MOST_WIFI:
        mistakes.append(f"wifi: only the first {MOST_WIFI} networks are used: remove some")
    seen: set[str] = set()
    for index, entry in enumerate(entries[:MOST_WIFI]):
        who = f"wifi {index + 1}"  # not its name: somebody may have taken one line for the other
        before = len(mistakes)
        judged = _judged(Wifi, entry, who, mistakes, entry={"ssid": "x"})
        if judged.ssid in seen and len(mistakes) == before:
            mistakes.append(f"{who}: this network is there twice: remove one")
        if len(mistakes) == before:
            seen.add(judged.ssid)
            yield index, judged


def _judged(
    model: type[_Table], table: object, where: str, mistakes: list[str], entry: Mapping[str, Any] | None = None
) -> _Table:
    """Return *table* as a *model*, without what is wrong; *entry* stands in for what must be there."""
    if not isinstance(table, dict):
        mistakes.append(f"{where}: expected a table: write [{where}] on a line of its own, and its keys below it")
        return model(**(entry or {}))
    right = dict(table)
    try:
        return model(**right)
    except ValidationError as exc:
        errors = exc.errors(include_url=False, include_input=False)
    for error in reversed(errors):  # from behind, so that places in lists stay what they are
        name, *places = error["loc"]
        if places and isinstance(right.get(str(name)), list):
            right[str(name)] = [item for place, item in enumerate(right[str(name)]) if place != places[0]]
        else:
            right.pop(str(name), None)
    mistakes += (f"{where}.{_worded(model, error)}" for error in errors)
    return model(**{**(entry or {}), **right})


def _worded(model: type[Table], error: ErrorDetails) -> str:
    name, *places = (str(place) for place in error["loc"])
    if error["type"] == "extra_forbidden":
        return _unknown(name, model.model_fields)
    nth = f" {int(places[0]) + 1}" if places else ""
    if error["type"] == "missing":
        return f"{name}: is missing: write {name} = {model.model_fields[name].description}"
    said = error.get("ctx", {}).get("error")
    return (
        f"{name}{nth}: {said if isinstance(said, ValueError) else f'expected {model.model_fields[name].description}'}"
    )


_ALSO = {
    "psk": "password", "pass": "password", "passphrase": "password", "passwort": "password", "key": "password",
    "name": "ssid", "network": "ssid", "wlan": "wifi", "wireless": "wifi", "lan": "ethernet", "cable": "ethernet",
    "eth0": "ethernet", "ip": "address", "router": "gateway", "zone": "timezone", "host": "hostname",
}  # fmt: skip
"""What people call things who have set them elsewhere."""


def _unknown(name: str, known: Mapping[str, object]) -> str:
    """Say that there is nothing of this name. Only what looks like a name is repeated."""
    if not re.fullmatch(r"[A-Za-z_-]{1,24}", name):
        return f"(a name): there is no such thing here; there are {', '.join(known)}"
    if name == "keyboard":
        return "keyboard: there is none to be set: the one on the screen follows the guest's language"
    also = _ALSO.get(name.lower(), "")
    meant = [also] if also in known else get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return f"{name}: there is no such thing here; " + (
        f"did you mean {meant[0]}?" if meant else f"there are {', '.join(known)}"
    )


def _no_such_zone(name: str, zones: Path) -> str:
    """Say that there is no such time zone. What was written is not repeated: it may be a password on the wrong line."""
    region, _, city = name.rpartition("/")
    try:
        there = [f"{region}/{zone.name}".lstrip("/") for zone in (zones / region).iterdir() if zone.is_file()]
        if not region:  # the city alone is what most people know
            there += [str(zone.relative_to(zones)) for zone in zones.glob("[A-Z]*/*") if zone.is_file()]
    except OSError:
        there = []
    ends = {zone.rpartition("/")[2].casefold(): zone for zone in there}
    meant = get_close_matches(city.casefold(), ends, n=1, cutoff=0.75)
    fix = f"did you mean {ends[meant[0]]}?" if meant else "write a region and a city, such as Europe/Paris"
    return f"machine.timezone: there is no such place; {fix}"


# --- In the words of the programs that carry it out ------------------------------------------------------------------


def wpa_supplicant(network: Network) -> str:
    """Return the configuration of wpa_supplicant: the first network of the list comes before the second."""
    lines = ["ctrl_interface=/run/wpa_supplicant"]
    if network.machine.country:
        lines.append(f"country={network.machine.country}")
    for index, wifi in network.wifi.items():
        password = wifi.password.get_secret_value()
        lines += ["network={", f"\tssid={wifi.ssid.encode().hex()}", f"\tpriority={MOST_WIFI - index}"]
        if wifi.hidden:
            lines.append("\tscan_ssid=1")
        if not password:
            lines.append("\tkey_mgmt=NONE")
        elif len(password) == 64:
            lines += ["\tkey_mgmt=WPA-PSK", f"\tpsk={password}"]
        else:
            # It reads from the first quote to the last of the line and knows no escapes: anything may be between.
            lines += ["\tkey_mgmt=WPA-PSK", f'\tpsk="{password}"']
        lines.append("}")
    return "\n".join(lines) + "\n"


def networkd(ethernet: Ethernet) -> str:
    """Return systemd-networkd's file for a cable that is not as the image has it; nothing if it is.

    Whatever is plugged into USB may call itself a cable: unless the owner says so, it is the board's own socket that is
    meant, which systemd/78-booth-cable.rules marks.
    """
    if not ethernet.address and not ethernet.usb:
        return ""
    lines = ["[Match]", "Type=ether", *([] if ethernet.usb else ["Property=BOOTH_CABLE=1"]), "", "[Network]"]
    if not ethernet.address:
        return "\n".join([*lines, "DHCP=yes", "", "[DHCPv4]", "RouteMetric=100"]) + "\n"
    lines.append(f"Address={ip_interface(ethernet.address)}")
    if ethernet.gateway:
        lines.append(f"Gateway={ethernet.gateway}")
    lines += (f"DNS={server}" for server in ethernet.dns)
    return "\n".join(lines) + "\n"


# --- Passwords in the text of the file -------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"""
      (?P<nothing> [ \t\r\n]+ | \#[^\n]* )
    | (?P<text>
          \"\"\" (?:[^\\]|\\.)*? \"\"\"(?!\") | '''.*?'''(?!')
        | "(?:[^"\\\n]|\\.)*" | '[^'\n]*'
      )
    | [A-Za-z0-9_-]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)


class Place(NamedTuple):
    """Where a text in quotes stands in a file: from the first quote to behind the last."""

    start: int
    end: int


def places_of_passwords(text: str) -> list[Place]:
    """Return where values of keys called password stand in *text*, which is TOML."""
    return [place for _, place in places_of(text, "password".__eq__)]


def places_of(text: str, named: Callable[[str], bool]) -> list[tuple[str, Place]]:
    """Return where values in quotes of keys that are *named* so stand in *text*, which is TOML, and which key it is."""
    tokens = [token for token in _TOKEN.finditer(text) if token["nothing"] is None]
    return [
        (key, Place(*value.span()))
        for name, equals, value in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if named(key := name[0].strip("\"'")) and equals[0] == "=" and value["text"] is not None
    ]


def places_of_values(text: str, named: Callable[[str], bool]) -> list[Place]:
    """Return where the values of keys that are *named* so stand, whatever they are, in *text*, which may be no TOML.

    A list or a table goes to its last bracket; one that is not closed, to the end.
    """
    tokens = list(_TOKEN.finditer(text))
    said = [index for index, token in enumerate(tokens) if token["nothing"] is None]
    places: list[Place] = []
    for name, equals, value in zip(said, said[1:], said[2:], strict=False):
        start = tokens[value].start()
        inside = bool(places) and start < places[-1].end
        if not inside and tokens[equals][0] == "=" and named(tokens[name][0].strip("\"'")):
            places.append(Place(start, _end_of_value(text, tokens, value)))
    return places


def _end_of_value(text: str, tokens: Sequence[re.Match[str]], first: int) -> int:
    """Return where the value ends that begins with the token number *first*."""
    if tokens[first]["text"] is not None:
        return tokens[first].end()
    following = (tokens[index] for index in range(first, len(tokens)))
    if tokens[first][0] in "[{":
        depth = 0
        for token in following:
            depth += (token[0] in "[{") - (token[0] in "]}")
            if depth == 0:
                return token.end()
        return len(text)
    end = tokens[first].start()
    for token in following:
        if token["nothing"] is None:
            if token[0] in ",]}":
                break
            end = token.end()
        elif re.search(r"[\n#]", token[0]):
            break
    return end


def places_of_comments(text: str) -> list[Place]:
    """Return where comments stand in *text*, which is TOML: from behind the # to the end of the line."""
    return [
        Place(token.start() + 1, token.end())
        for token in _TOKEN.finditer(text)
        if (token["nothing"] or "").startswith("#")
    ]


def replaced(text: str, new: Mapping[Place, str]) -> str:
    """Return *text* with other things at some places."""
    pieces, at = [], 0
    for place in sorted(new):
        pieces += [text[at : place.start], new[place]]
        at = place.end
    return "".join((*pieces, text[at:]))
