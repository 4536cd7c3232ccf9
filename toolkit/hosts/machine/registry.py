"""The Windows registry as a function, so that what is concluded from it can be tested anywhere."""

import sys
from collections.abc import Callable

# (hive "HKCU" or "HKLM", key, name of the value, "" = the key's own) → the value, None if there is none.
Registry = Callable[[str, str, str], object | None]
# (hive, key) → names of its values.
Names = Callable[[str, str], list[str]]

if sys.platform == "win32":
    import winreg

    _HIVES = {"HKCU": winreg.HKEY_CURRENT_USER, "HKLM": winreg.HKEY_LOCAL_MACHINE}

    def read(hive: str, key: str, name: str) -> object | None:
        try:
            with winreg.OpenKey(_HIVES[hive], key) as opened:
                value: object = winreg.QueryValueEx(opened, name)[0]
                return value
        except OSError:
            return None

    def names(hive: str, key: str) -> list[str]:
        try:
            with winreg.OpenKey(_HIVES[hive], key) as opened:
                return [winreg.EnumValue(opened, i)[0] for i in range(winreg.QueryInfoKey(opened)[1])]
        except OSError:
            return []

else:

    def read(hive: str, key: str, name: str) -> object | None:
        return None

    def names(hive: str, key: str) -> list[str]:
        return []
