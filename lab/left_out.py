"""What `lab.omissions` leaves out of the booth, by name, and which tests have to notice.

What a review once took out of the booth, with all tests green, comes first in each part: the syncs of the GIF, those of
updates and of the last good settings, the disk's doubt with two neighbours, and what the screen is dressed in.
"""

from lab.omissions import Cut, Omission

WIRED = "tests/flows/test_wired.py"
ROOT = "tests/test_wiring.py"
REACH = "tests/test_settings_reach.py"
EVERY_SETTING = f"{REACH}::test_another_value_makes_another_booth"
EVERY_PART = f"{REACH}::test_each_part_of_what_is_chosen_is_some_settings"


def _visit(life: str) -> str:
    """Return the test that cuts one life of a visit everywhere."""
    return f"tests/disk/test_cuts_everywhere.py::test_no_moment_is_a_bad_one[{life}]"


def _writing(name: str) -> str:
    """Return the test that cuts what is written beside visits everywhere."""
    return f"tests/disk/test_writers.py::test_no_moment_is_a_bad_one[{name}]"


def _out(says: str, inside: str, old: str, *tests: str) -> Omission:
    """Leave out what stands at one place."""
    return Omission(says, tests, (Cut(inside, old),))


def _instead(says: str, inside: str, old: str, new: str, *tests: str) -> Omission:
    """Have something stand at one place that does nothing."""
    return Omission(says, tests, (Cut(inside, old, new),))


def _setting(key: str, inside: str, old: str, built_in: str) -> Omission:
    """Have a setting do nothing: what is built in counts, whatever an owner has written."""
    return Omission(f"the setting {key}", (f"{EVERY_SETTING}[{key}]", EVERY_PART), (Cut(inside, old, built_in),))


ENDED = f"{WIRED}::test_what_was_opened_is_closed_in_reverse"
SCRATCH = f"{WIRED}::test_what_is_on_its_way_is_gone_at_the_end_and_what_a_killed_booth_left_of_it_at_the_start"
SYNCED = "tests/test_disk.py::test_the_medium_is_the_kernels_to_write"
DELETED = "the same, at once"
DELETED_CRAMPED = "the same, at once, no room for a name"
NEVER_TAKEN = "the bucket will never take it"
ROTTEN = "the card rots"

GIF = (
    _instead(
        "both syncs of the GIF", "appearing", "take_name(disk, unproven, into)", "disk.rename(unproven, into)",
        _visit(DELETED),
    ),
)  # fmt: skip

UPDATES = (
    Omission(
        "every sync of an update's own",
        (_writing("an update"),),
        (
            Cut("install", "disk.sync_all()"),
            Cut("install", "disk.sync_folder(releases)"),
            Cut("_switch", "disk.sync_folder(releases)"),
        ),
    ),
    _instead(
        "both syncs of the last good settings", "Keeper.keep", "keep(self._disk, self._file, text)",
        "[self._disk.write(self._file, text)]", _writing("the last good settings"),
    ),
)  # fmt: skip

DOUBT = (
    _out(
        "the doubt in a disk that refused a visit", "assemble", "Part.DISK: disk",
        f"{WIRED}::test_a_disk_that_has_refused_a_visit_is_looked_at_before_the_next_guest",
    ),
    _instead(
        "the uploader's waking when a visit is committed", "assemble", "committed=uploads.wake",
        "committed=lambda _: None", f"{WIRED}::test_a_visit_that_is_committed_is_sent_at_once",
    ),
    _out(
        "the notice of a disk that will be full soon", "assemble", "Notice.DISK_LOW: ...",
        f"{WIRED}::test_a_disk_that_will_be_full_soon_is_told",
    ),
)  # fmt: skip

DRESS = (
    Omission(
        "all that guests may change of the screen's dress",
        (EVERY_SETTING,),
        (
            *(Cut("with_screen", f"{word}=...") for word in ("languages", "flash")),
            *(
                Cut("dress_of", f"{word}=...")
                for word in (
                    "consent_text", "email_purpose", "questions", "brand", "texts", "scripts", "domains", "keymap",
                    "housing", "animation", "rest_after", "key_clicks",
                )
            ),
        ),
    ),
)  # fmt: skip

WIRES = (
    _out("the doubt in a gm that failed", "assemble", "Part.GM: gm",
         "tests/parts/test_gm.py::test_one_that_has_failed_a_guest_is_looked_at_before_the_next"),
    _out("the check of the button", "assemble", "Part.BUTTON: console.check",
         f"{WIRED}::test_a_visit_that_is_committed_is_sent_at_once"),
    _out("the check of gm", "assemble", "Part.GM: gm.check",
         "tests/parts/test_gm.py::test_uninstalled_while_the_booth_runs_it_is_missed_before_the_next_guest"),
    _out(
        "the check of the disk", "assemble", "Part.DISK: disk.check",
        "tests/flows/test_visits.py::test_a_full_disk_refuses_honestly",
    ),
    _out(
        "the notice of a clock that is wrong", "assemble", "Notice.CLOCK_UNKNOWN: ...",
        f"{WIRED}::test_a_clock_that_is_wrong_is_told",
    ),
    _out(
        "the notice of a button that is held", "assemble", "Notice.BUTTON_HELD: ...",
        f"{WIRED}::test_a_button_that_is_held_is_told",
    ),
    _out(
        "the notices of copies", "assemble", "**{notice: partial(uploads.holds, notice) for notice in COPIES}",
        "tests/flows/test_copies.py::test_copies_that_fail_or_are_late_are_told_the_operator_and_to_no_guest",
    ),
    _out(
        "the wait for a target that is late", "play", "waits=...",
        "tests/test_rehearsal.py::TestPlay::test_what_another_target_has_not_is_waited_for",
    ),
    _out(
        "the notices of updates", "assemble", "**{notice: partial(world.updates, notice) for notice in UPDATES}",
        f"{WIRED}::test_what_became_of_an_update_is_told",
    ),
    _out("the looking after the memory when nobody waits", "assemble", "afterwards=world.at_rest",
         f"{WIRED}::test_when_gm_has_been_well_and_nobody_waits_the_memory_is_looked_after_once"),
    _out(
        "the hiding of a guest's details from the log", "assemble", "Crew(hide=hide)",
        f"{WIRED}::test_what_a_guest_has_typed_is_hidden_from_the_moment_of_send_until_it_is_delivered",
    ),
    _instead(
        "the forgetting of a deleted guest", "assemble", "Crew(forget=forget)", "",
        f"{WIRED}::test_what_is_hidden_of_a_visit_is_forgotten_when_the_visit_is_deleted",
    ),
    _out(
        "the small pictures of the frames", "assemble", "small=...",
        f"{WIRED}::test_the_screen_finds_the_pictures_of_the_visit",
    ),
    _out("the hand on the clock of the uploader", "assemble", "clock_wrong=...",
         "tests/parts/test_clock.py::test_nothing_is_signed_while_the_clock_is_known_to_be_wrong"),
    _instead(
        "the links of guests", "assemble", "links=links or no_links", "links=no_links",
        f"{EVERY_PART}[Couriers]",
    ),
    _out("the patience with a link", "assemble", "patience=...", f"{EVERY_PART}[Rounds]"),
    _out(
        "the word that there is no bucket", "assemble", "bucket_set=...", f"{EVERY_PART}[Rounds]",
    ),
    _out(
        "the bucket's deadline", "Uploads.to", "deadline=deadline(first)",
        f"{EVERY_PART}[Couriers]",
    ),
    _instead(
        "the details of earlier visits that wait", "assemble", "waiting=spool.waiting", "waiting=lambda: ()",
        f"{WIRED}::test_guests_of_an_earlier_run_are_hidden_before_anything_of_theirs_is_sent",
    ),
    _instead(
        "the preview on the screen", "assemble", "preview=crew.studio.preview", "preview=lambda: None",
        f"{WIRED}::test_the_screen_sees_what_the_camera_sees",
    ),
    _instead(
        "the ids of visits that a touch begins", "assemble", "fresh=ids", "fresh=lambda: NO_SESSION",
        f"{WIRED}::test_a_visit_that_a_touch_begins_has_an_id_like_those_of_the_button",
    ),
    _out(
        "the start of the workers", "assemble", "crew.start()",
        f"{ROOT}::test_a_button_that_is_held_is_told_on_the_screen",
    ),
    _out(
        "the end of the workers where there is no screen", "assemble", "unseen.callback(crew.close, ENDING)",
        f"{ROOT}::test_a_booth_that_cannot_be_put_together_leaves_no_worker_behind",
    ),
    _out("the end of the workers", "assemble", "stack.callback(crew.close, ENDING)", ENDED),
    _out("the end of the uploader", "assemble", "stack.callback(uploads.close, ENDING)", ENDED),
    _out("the end of gm", "assemble", "stack.callback(compositor.close)", ENDED),
    _out("the end of the screen", "assemble", "stack.callback(screen.close)", ENDED),
    _out("the end of the button", "assemble", "stack.callback(console.close)", ENDED),
    _out("the end of the voice", "_voice", "stack.callback(voice.close)", ENDED),
    _out("the end of what is on its way", "_furnished",
         "stack.callback(shutil.rmtree, scratch, ignore_errors=True)", SCRATCH),
    _out("the rests of a booth that was killed", "_furnished", "shutil.rmtree(scratch, ignore_errors=True)", SCRATCH),
    _out("the start of the uploader", "Appliance.run", "self.uploads.start()",
         "tests/system/test_rehearsal.py::test_a_visit_by_the_button_alone_is_stored_without_details"),
    _out("the watchdog", "assemble", "watchdog=...", "tests/parts/test_watchdog.py"),
    _out("the darkroom's own patience", "assemble", "darkroom_limit=...", f"{EVERY_PART}[Daemon]"),
    _out("the frame's probe", "assemble", "probe=...",
         f"{WIRED}::test_where_the_time_of_a_frame_goes_is_told_to_whoever_asks"),
    _out(
        "the number of seconds since the machine was up", "_spool", "uptime=...",
        "tests/parts/test_clock.py::test_the_time_is_mended_when_it_is_known_and_the_key_stays",
    ),
    _out(
        "the word that somebody vouches for the clock", "_spool", "time_known=...",
        "tests/parts/test_clock.py::test_what_was_confirmed_is_kept_its_days_whatever_the_clock_showed",
    ),
    _out(
        "the disk of the visits", "_spool", "disk=world.disk",
        f"{WIRED}::test_a_disk_that_has_refused_a_visit_is_looked_at_before_the_next_guest",
    ),
    _out(
        "the pictures of the invitation", "assemble", "world.open_screen(gallery=gallery)",
        f"{EVERY_PART}[RecordedScreen]",
    ),
)  # fmt: skip

VISITS = (
    _out("the sync of a new visit's name", "Spool.open", "self._disk.sync_folder(...)", _visit(DELETED)),
    _out("the sync of a frame", "Spool.keep", "self._disk.sync(written)", _visit(DELETED)),
    _out("the sync of a frame's name", "Spool.keep", "self._disk.sync_folder(...)", _visit(DELETED)),
    _out("the modes of a frame", "Spool.keep", "self._disk.secure(written)", "tests/outbox/test_spool.py"),
    _instead(
        "the syncs of each small file of a visit", "Folders.put", "put(self.disk, file, content)",
        "self.disk.write(file, content)", _visit(NEVER_TAKEN),
    ),
    _out("the sync of a commit", "Spool.commit", "self._disk.sync_folder(...)", _visit(NEVER_TAKEN)),
    _out("the sync of a confirmation", "Queue._file", "self._disk.sync_folder(...)", _visit("the form is skipped")),
    _out("the sync of what is set aside", "Folders.set_aside", "self.disk.sync_folder(...)", _visit(NEVER_TAKEN)),
    _out("the sync of what is mended", "Queue.mend", "self._disk.sync_folder(folder)", _visit(ROTTEN)),
    _out("the sync of its new name", "Queue.mend", "self._disk.sync_folder(target.parent)", _visit(ROTTEN)),
    _out("the sync of a wish to delete", "Deletion._doom", "self._disk.sync_folder(...)",
         _visit("deleted by its guest")),
    _out("the sync of its mark", "Deletion._mark", "self._disk.sync_folder(...)", _visit(DELETED_CRAMPED)),
    _out("the sync of a deletion", "Deletion.wipe", "self._disk.sync_folder(...)", _visit(DELETED)),
    _out("the order of a deletion", "Deletion._empty", "self._disk.sync_folder(folder)", _visit(DELETED_CRAMPED)),
    _out(
        "the sync of a deletion that was refused before", "Deletion.discard", "self._disk.sync_folder(...)",
        _visit("the same, an I/O error at the end"),
    ),
    _out("the sync of the outbox's folders", "Folders.make_folders", "self.disk.sync_folder(folder)", _visit(DELETED)),
    _instead(
        "the sync of a new outbox's name", "Folders.make_folders", "for folder in missing: self.disk.sync_folder(...)",
        "pass", _visit(DELETED),
    ),
    _out(
        "the sync of a date that another start wrote", "Entries.dated", "self._disk.sync_folder(folder)",
        "tests/outbox/test_facts.py::test_an_entry_that_another_start_has_dated_is_synced_before_it_is_sent",
    ),
    _out("the sync of the probe", "Room.check", "self._disk.sync(probe)",
         "tests/outbox/test_steps.py::test_what_goes_wrong_is_on_the_medium_too"),
    _out("the date of a confirmation", "Deletion._tidy_sent", "self._folders.put(...)", _visit(DELETED_CRAMPED),
         "tests/outbox"),
    _out("the count of attempts", "Queue.attempted", "self._folders.put(...)", "tests/outbox/test_spool.py"),
    _out("the memory of what was condemned", "Spool.__init__", "self._deleting.recall()", _visit(DELETED_CRAMPED)),
    _out("the end of what was being deleted", "Spool.__init__", "self._deleting.finish_deleting()",
         "tests/outbox/test_spool.py"),
)  # fmt: skip

WRITES = (
    _out("the sync of all that is put", "take_name", "disk.sync(written)", _writing("the last good settings")),
    _out("the sync of its name", "take_name", "disk.sync_folder(...)", _writing("the last good settings")),
    _instead(
        "the name beside, under which it is put first", "put", "disk.write(aside, content)",
        "disk.write(file, content); aside = file", _writing("the last good settings"),
    ),
    _out("the sync of what is kept already", "keep", "disk.sync_folder(...)", _writing("the last good settings")),
    _out("the sync of a link", "point", "disk.sync_folder(...)", _writing("an update")),
    _out("the sync of a folder's name", "make_folder", "disk.sync_folder(...)", _writing("the key of SSH")),
    _out("the sync of a deleted name", "delete", "disk.sync_folder(...)", _writing("what is told no more on the card")),
    _out("the real disk's sync of a file", "RealDisk.sync", "os.fsync(number)", f"{SYNCED}[a file]"),
    _out("the real disk's sync of a folder", "RealDisk.sync_folder", "os.fsync(number)", f"{SYNCED}[a folder]"),
    _out("the real disk's sync of all", "RealDisk.sync_all", "os.sync()", f"{SYNCED}[all]"),
    _out("the mode of what is written", "RealDisk.write", "os.fchmod(number, 0o600)", "tests/test_disk.py"),
    _out("the end of what was longer before", "RealDisk.write", "os.ftruncate(number, 0)", "tests/test_disk.py"),
    _out("the mode of a folder", "RealDisk.mkdir", "folder.chmod(mode)", "tests/test_disk.py"),
    _out("the sync over a secret", "Card._carry_out", "self.disk.sync(file)", _writing("keys and passwords")),
    _instead(
        "the note of what is written over a secret", "Card.replace",
        "keep(self.disk, note, _Note(name, tuple(_blocks(old)), new, remove).to_json())",
        "self.disk.write(note, _Note(name, tuple(_blocks(old)), new, remove).to_json())",
        _writing("keys and passwords"),
    ),
    _out("the sync of a note that is found", "Card.resume", "self.disk.sync_folder(note.parent)",
         _writing("keys and passwords")),
    _instead(
        "the syncs of SSH's key", "host_key", "take_name(...)", "card.disk.rename(beside(file), file)",
        _writing("the key of SSH"),
    ),
    _instead(
        "the sync of an SSH key that is found", "host_key", "card.disk.sync_folder(file.parent)", "pass",
        _writing("the key of SSH"),
    ),
    _instead(
        "the syncs of a picture beside the settings", "keep_good", "put(disk, kept / BRANDING / name, ...)",
        "disk.write(kept / BRANDING / name, content)", _writing("the settings of the card, where there are older ones"),
    ),
    _instead(
        "the syncs of the card's last good settings", "keep_good", "put(disk, kept / LAST_GOOD, ...)",
        "disk.write(kept / LAST_GOOD, settings)", _writing("the settings of the card, where there are older ones"),
    ),
    _out(
        "the sync of settings that were kept before", "keep_good", "disk.sync_folder(kept)",
        _writing("the settings of the card"),
    ),
    _out("the sync of what was unpacked", "install", "disk.sync_all()", _writing("an update")),
    _out("the sync of a release's name", "_switch", "disk.sync_folder(releases)", _writing("an update"),
         _writing("an update to what the way back leads to"), _writing("the first update"),
         _writing("an update to what is there, and not as it should be")),
    _out(
        "the sync of a release that is found", "install", "disk.sync_folder(releases)", _writing("an update"),
        _writing("the first update"),
    ),
    _out("the ledger of what was installed", "install", "ledger.with_(...).keep(...)", _writing("an update")),
)  # fmt: skip

SETTINGS = (
    _setting("screen.flash", "with_screen", "flash=...", "flash=True"),
    _setting("attract.rest_after_min", "dress_of", "rest_after=...", "rest_after=Seconds(1800.0)"),
    _setting("keyboard.layout", "dress_of", "keymap=...", "keymap=KEYMAPS.get('us')"),
    _setting("accessibility.reduced_motion", "with_accessibility", "reduced_motion=...", "reduced_motion=False"),
    _setting("accessibility.high_contrast", "with_accessibility", "bold=...", "bold=False"),
    _setting("screen.language", "with_screen", "language=...", "language='en'"),
    _setting("camera.quality", "camera_of", "quality=...", "quality=90"),
    _setting("camera.timeout_s", "camera_of", "timeout=...", "timeout=Seconds(5.0)"),
    _setting("camera.mirror", "camera_of", "mirror=...", "mirror=False"),
    _setting("button.debounce_s", "pins_of", "debounce=...", "debounce=Seconds(0.02)"),
    _setting("led.active_high", "pins_of", "led_high=...", "led_high=True"),
    _setting("zenko.ca_bundle", "bucket_of", "ca_bundle=...", "ca_bundle=''"),
    _setting("zenko.addressing", "bucket_of", "addressing=...", "addressing='path'"),
    _setting("animation.loops", "recipe_of", "animation.loops", "0"),
    _setting("form.idle_s", "rules_of", "form_idle=...", "form_idle=Seconds(90.0)"),
    _setting("form.email_required", "rules_of", "email_required=...", "email_required=False"),
    _setting("apology.seconds", "rules_of", "apology=...", "apology=Seconds(6.0)"),
    _setting("outbox.keep_days", "_spool", "keep_days=...", "keep_days=30"),
    _setting("outbox.keep_details_days", "_spool", "keep_details_days=...", "keep_details_days=36_500"),
    _setting("outbox.min_free_mb", "_spool", "min_free_mb=...", "min_free_mb=500"),
    _setting("zenko.key_template", "_spool", "key_template=...", "key_template='{event}/{date}/{session}.gif'"),
    _setting("sound.volume", "assemble", "world.open_speaker(...)", "world.open_speaker(70)"),
    _out("the settings of the environment", "read", "_read_environment(...)", "tests/test_config.py"),
    _out("the settings of systemd's credentials", "read", "_read_credentials(...)", "tests/test_config.py"),
    _out("the settings of the command line", "read", "_read_command_line(...)", "tests/test_config.py"),
    _out("the judge of settings that contradict", "load", "mistakes += contradictions(...)", "tests/test_config.py"),
    _instead("the key taken out of what is kept", "Keeper.keep", "showing.without_secrets(self._text)", "self._text",
             "tests/test_mistakes.py"),
)  # fmt: skip

QUESTIONED = "tests/core/test_questions.py"
QUESTIONS = (
    _instead(
        "the details of who walks away from a question", "_left", "state.form.guest(rules.consents)", "None", QUESTIONED
    ),
    _out("the time that each page after Send has", "_asked", "until=later(now, rules.form_idle)", QUESTIONED),
    _out("the patience with a press that was meant for the page before", "_asked", "since=now", QUESTIONED),
    _instead(
        "the answer that is taken back by a skip", "_answering", "replace(form, answer=Line()).answered(question.id)",
        "form", QUESTIONED,
    ),
    _out("the answers among the metadata", "Entries", "values |= answers.metadata_of(guest.told)",
         "tests/outbox/test_answers.py"),
    _out("the hiding of answers from the log", "Crew._note_and_commit", "*(answer.text for answer in guest.told)",
         "tests/test_workers.py"),
)  # fmt: skip

ARRIVED = (
    _out("the word that an animation has arrived before its page", "Couriers.send", "put.half_way = self._done",
         "tests/outbox/test_page_hangs.py"),
    _out("the deaf ear for a page that is late", "Couriers.answer", "put.settled = arrived is not None",
         "tests/outbox/test_page_hangs.py"),
    _instead("the memory of whom was told", "Rounds._delivered", "not put.tells or told", "not put.tells",
             "tests/outbox/test_told.py"),
    _instead("the link that comes with the animation", "Queue.due", "tells and entry.linkable",
             "last and entry.linkable", "tests/outbox/test_told.py"),
)  # fmt: skip

LATER = (
    _out("asyncio that is put off", "put_off", "sys.modules[_ASYNCIO] = _Later(_ASYNCIO)", "tests/test_later.py"),
    _out("the mixer that is put off", "put_off", "sys.modules[name] = None", "tests/test_later.py"),
)

OMISSIONS = (*GIF, *UPDATES, *DOUBT, *DRESS, *WIRES, *VISITS, *WRITES, *SETTINGS, *QUESTIONS, *ARRIVED, *LATER)
