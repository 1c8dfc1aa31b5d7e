"""Files from a server: with a checksum, progress, a way to cancel, and reasons in plain words."""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from vaegui.data.sources.bundled import BundledMnist
from vaegui.errors import DataError
from vaegui.progress import ProgressCallback

__all__ = ["RemoteFile", "fetch"]

CONNECT_SECONDS = 4.0
SILENCE_SECONDS = 6.0
"""Longest wait for a server that says nothing: until then nobody asks whether to go on."""

CHUNK_BYTES = 8192
"""Small, so that even a slow trickle asks often whether to go on."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """One file on a server: its name there and here, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


def fetch(
    what: str,
    files: Sequence[RemoteFile],
    folder: Path,
    base_url: str,
    progress: ProgressCallback,
) -> None:
    """Place ``files`` into ``folder``, downloading those that are not there or are damaged.

    A file appears under its name only when it is whole and its checksum right. When all are
    there, no server is asked.

    Parameters
    ----------
    what
        What the files are together, e.g. ``"MNIST"``.
    folder
        Where they go; it is made if need be.
    base_url
        Put before each name, with its slash at the end.
    progress
        Told of the bytes of all files together.

    Raises
    ------
    DataError
        When a file cannot be had; it says why.
    Cancelled
        When ``progress`` raises it. It is asked at least every ten seconds while a server is
        silent (for each address, where the server's name stands for several).
    """
    import pooch

    # Its log of every download would run into the progress bar of a terminal.
    pooch.get_logger().setLevel("WARNING")
    done, total = 0, sum(file.size for file in files)
    for file in files:
        download = _Download(f"Downloading {what} (bytes)", done, total, progress)
        try:
            pooch.retrieve(
                url=base_url + file.name,
                known_hash=f"sha256:{file.sha256}",
                fname=file.name,
                path=folder,
                downloader=download,
            )
        except (OSError, ValueError) as error:
            # Whoever gave up while the server was silent did cancel; no error is shown then.
            download.tell()
            reason, remedy = _explain(error, urlsplit(base_url).netloc, folder)
            raise DataError(
                f"{what} could not be downloaded: {reason}.",
                f"Choose '{BundledMnist.label}', which comes with the program, or {remedy}.",
            ) from error
        done += file.size


@dataclass(slots=True)
class _Download:
    """A downloader for pooch that can be cancelled and never leaves a connection open.

    ``done`` counts the bytes of all files together, from those that were there before it.
    """

    what: str
    done: int
    total: int
    progress: ProgressCallback

    def tell(self) -> None:
        """Tell how far it is, and so give the user a chance to cancel."""
        self.progress(self.what, self.done, self.total)

    def __call__(self, url: str, output_file: str, _pooch: object) -> None:
        """Write what ``url`` gives into ``output_file``."""
        import requests

        self.tell()
        with (
            requests.get(url, stream=True, timeout=(CONNECT_SECONDS, SILENCE_SECONDS)) as response,
            open(output_file, "wb") as file,
        ):
            response.raise_for_status()
            for chunk in response.iter_content(CHUNK_BYTES):
                file.write(chunk)
                self.done += len(chunk)
                self.tell()


def _explain(error: OSError | ValueError, host: str, folder: Path) -> tuple[str, str]:
    """Why a download failed, and what to try: two clauses without capital and full stop."""
    import requests
    from urllib3.exceptions import ReadTimeoutError

    again = "try again later"
    match error:
        case requests.HTTPError(response=requests.Response() as response):
            return f"{host} answered {response.status_code} ({response.reason})", again
        case requests.exceptions.SSLError():
            return (
                f"{host} could not prove its identity",
                "check the computer's date and certificates and try again",
            )
        case requests.exceptions.ProxyError():
            return "the proxy does not let it through", "check the proxy settings and try again"
        case requests.Timeout():
            return f"{host} did not answer in time", again
        case requests.ConnectionError() if isinstance(error.args[0], ReadTimeoutError):
            return f"{host} stopped sending", again
        case requests.ConnectionError():
            return f"there is no connection to {host}", "check the network and try again"
        case requests.RequestException():
            return f"the connection to {host} broke off", "check the network and try again"
        case ValueError():
            return "what arrived is damaged, its checksum is wrong", again
    if error.errno == errno.ENOSPC:
        return f"the disk of {folder} is full", "free some space and try again"
    return (
        f"the folder {folder} cannot be written to ({error.strerror or 'permission denied'})",
        "name another folder in the environment variable KERAS_HOME and try again",
    )
