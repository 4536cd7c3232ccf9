"""A password to open the files that are given out (一、(三)4.), by msoffcrypto-tool from the extra `password`."""

import io
from typing import TYPE_CHECKING

from toolkit.model.errors import ToolkitError

if TYPE_CHECKING:
    from types import ModuleType

# Word and Excel take no longer one.
_LONGEST = 255
_OPTION = "参数 --password"


def refuse_unusable(password: str) -> None:
    """Raises `ToolkitError` if files cannot be given this password; before anything is made."""
    if len(password) > _LONGEST or not password.isprintable():
        raise ToolkitError("密码太长或含有不能输入的字符", where=_OPTION, mend=f"请用 {_LONGEST} 个以内的普通字符")
    _tool()


def protected(package: bytes, password: str) -> bytes:
    """The .docx or .xlsx `package`, to be opened with `password` only. Never the same bytes twice: salted."""
    out = io.BytesIO()
    _tool().OOXMLFile(io.BytesIO(package)).encrypt(password, out)
    return out.getvalue()


def opens_to(content: bytes, password: str, package: bytes) -> bool:
    """Is `content` the file `package` under this password?"""
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    out = io.BytesIO()
    try:
        file = _tool().OOXMLFile(io.BytesIO(content))
        if not file.is_encrypted():
            return False
        file.load_key(password=password)
        file.decrypt(out)
    except (DecryptionError, FileFormatError, InvalidKeyError, ParseError, OSError, ValueError):
        return False
    return out.getvalue() == package


def _tool() -> "ModuleType":
    try:
        from msoffcrypto.format import ooxml
    except ImportError as error:
        raise ToolkitError(
            "本机没有安装加密组件，不能给文件加密码",
            where=_OPTION,
            mend="请运行 pip install loanvisit[password] 后重试",
        ) from error
    module: ModuleType = ooxml
    return module
