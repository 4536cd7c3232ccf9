"""A password to open the files that are given out (一、(三)4.), by msoffcrypto-tool from the extra `password`.

`option` names the command-line option that the password came with, for what is said when something is amiss.
"""

import io
from typing import TYPE_CHECKING

from toolkit.hosts.parts.zip_parts import OLE_MAGIC
from toolkit.model.errors import ToolkitError

if TYPE_CHECKING:
    from types import ModuleType

# Word and Excel take no longer one.
_LONGEST = 255
_OPTION = "--password"


def refuse_unusable(password: str, option: str = _OPTION) -> None:
    """Raises `ToolkitError` if files cannot be given this password; before anything is made."""
    if len(password) > _LONGEST or not password.isprintable():
        raise ToolkitError(
            "密码太长或含有不能输入的字符", where=f"参数 {option}", mend=f"请用 {_LONGEST} 个以内的普通字符"
        )
    _tool(option)


def is_encrypted(content: bytes) -> bool:
    """Is this an Office file with a password to open it? An old .xls is none, though of the same container."""
    return content.startswith(OLE_MAGIC) and "EncryptedPackage".encode("utf-16-le") in content


def protected(package: bytes, password: str, option: str = _OPTION) -> bytes:
    """The .docx or .xlsx `package`, to be opened with `password` only. Never the same bytes twice: salted."""
    out = io.BytesIO()
    _tool(option).OOXMLFile(io.BytesIO(package)).encrypt(password, out)
    return out.getvalue()


def unprotected(content: bytes, password: str, option: str = _OPTION) -> bytes | None:
    """The package without its password; None if it has none or does not open with this one."""
    tool = _tool(option)
    from msoffcrypto.exceptions import DecryptionError, FileFormatError, InvalidKeyError, ParseError

    out = io.BytesIO()
    try:
        file = tool.OOXMLFile(io.BytesIO(content))
        if not file.is_encrypted():
            return None
        file.load_key(password=password)
        file.decrypt(out)
    except (DecryptionError, FileFormatError, InvalidKeyError, ParseError, OSError, ValueError):
        return None
    return out.getvalue()


def _tool(option: str) -> "ModuleType":
    try:
        from msoffcrypto.format import ooxml
    except ImportError as error:
        raise ToolkitError(
            "本机没有安装加密组件，不能给文件加密码或打开有密码的文件",
            where=f"参数 {option}",
            mend="请运行 pip install loanvisit[password] 后重试",
        ) from error
    module: ModuleType = ooxml
    return module
