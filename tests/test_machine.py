"""The machine that conftest gives every test is as closed, and its Qt as sound, as it says."""

import os
import socket
import sys
from typing import Any

import keyring
import platformdirs
import pytest


def test_nothing_leaves_this_machine() -> None:
    with socket.socket() as outward, pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        outward.connect(("192.0.2.1", 80))


def test_the_keyring_is_of_this_test_alone() -> None:
    assert keyring.get_password("till", "key") is None
    keyring.set_password("till", "key", "secret")
    assert keyring.get_password("till", "key") == "secret"


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the system, not the environment, names the folder"
)
def test_the_users_own_folder_is_a_passing_one() -> None:
    assert platformdirs.user_data_dir("card-counter").startswith(os.environ["XDG_DATA_HOME"])


def test_this_pyside_keeps_count_of_none(qapp: Any) -> None:
    """PySide6 6.12.0 lost a reference to None at each call on Python 3.11, and aborted after some thousands."""
    from PySide6.QtWidgets import QLabel

    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(20_000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 1_000
