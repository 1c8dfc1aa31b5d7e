"""A worker whose events a test waits for, and settings of a run that does not end by itself."""

import threading
import time

from vaegui.session.mailbox import Mailbox
from vaegui.session.worker import Worker
from vaegui.training.record.events import Status

LONG = {"training__epochs": 100_000}


class Watched:
    """A worker, and all that it told so far."""

    def __init__(self):
        self.awake = threading.Event()
        self.mailbox = Mailbox(self.awake.set)
        self.worker = Worker(self.mailbox)
        self.events = []

    def until(self, wanted, seconds=60.0):
        """Wait until an event fits, and give it; events before it count as seen."""
        deadline = time.monotonic() + seconds
        seen = 0
        while time.monotonic() < deadline:
            for event in self.events[seen:]:
                seen += 1
                if wanted(event):
                    del self.events[:seen]
                    return event
            self.awake.wait(0.1)
            self.awake.clear()
            self.events += [message.content for message in self.mailbox.take()]
        raise AssertionError(f"it never came; there were {self.events}")

    def state(self, state):
        return self.until(lambda e: e == Status(state))

    def kind(self, kind):
        return self.until(lambda e: isinstance(e, kind))
