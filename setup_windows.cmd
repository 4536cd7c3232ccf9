@echo off & setlocal EnableExtensions DisableDelayedExpansion
rem = r"""
rem Sets up loanvisit for one user: double-click, or setup_windows.cmd remove. Up to the line of quotes below this is
rem for cmd.exe and ASCII only; the rest is Python, which skips the first line (-x) and takes this part for a text.
where /q py.exe && goto launcher
where /q python.exe && goto plain
goto missing
:launcher
py -3 -x "%~f0" %*
goto ended
:plain
python -x "%~f0" %*
:ended
if %ERRORLEVEL% EQU 9009 goto missing
set "LOANVISIT_CODE=%ERRORLEVEL%"
pause
exit /b %LOANVISIT_CODE%
:missing
echo Python 3.11 or newer was not found. Please install it for this user first.
powershell -NoProfile -Command "[regex]::Unescape('\u6ca1\u6709\u627e\u5230 Python 3.11 \u6216\u66f4\u65b0\u7684\u7248\u672c\uff0c\u8bf7\u5148\u4e3a\u672c\u7528\u6237\u5b89\u88c5 Python\uff08\u4e0d\u9700\u8981\u7ba1\u7406\u5458\u6743\u9650\uff09\uff0c\u518d\u8fd0\u884c\u672c\u7a0b\u5e8f\u3002')"
pause
exit /b 2
"""
# Runs on any Python 3, to be able to say that it is too old: no newer syntax here.
import glob
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
WHEELS = os.path.join(HERE, "wheels")
WINDOWS = os.name == "nt"
WORKBOOK = "贷款回访工作簿.xlsm"
_LINK = (
    "$s = (New-Object -ComObject WScript.Shell).CreateShortcut("
    "(Join-Path ([Environment]::GetFolderPath('Desktop')) $env:LOANVISIT_LINK)); "
    "$s.TargetPath = $env:LOANVISIT_TARGET; $s.Save()"
)
_UNLINK = (
    "Remove-Item -ErrorAction SilentlyContinue -LiteralPath "
    "(Join-Path ([Environment]::GetFolderPath('Desktop')) $env:LOANVISIT_LINK)"
)


def places(environment):
    """All that set-up makes, in the user's own folders: no administrator is needed."""
    home = environment.get("USERPROFILE") or os.path.expanduser("~")
    local = environment.get("LOCALAPPDATA") or os.path.join(home, ".local", "share")
    roaming = environment.get("APPDATA") or os.path.join(home, ".config")
    base = os.path.join(local, "loanvisit")
    program = os.path.join("Scripts", "python.exe") if WINDOWS else os.path.join("bin", "python")
    return {
        "base": base,
        "venv": os.path.join(base, "venv"),
        "python": os.path.join(base, "venv", program),
        "setting": os.path.join(roaming, "loanvisit", "python.txt"),
        "books": os.path.join(home, "贷款回访"),
    }


def stop(sentence):
    print(sentence)
    sys.exit(2)


def run(what, *command):
    print(what + "……", flush=True)
    if subprocess.call(list(command)):
        stop(what + "没有成功，原因见上面几行。请解决后重新运行本程序，或把以上文字交给科技部门。")


def install(at):
    """A fresh environment, the setting, a workbook, launchers and a shortcut; what the user has made is left alone."""
    offline = bool(glob.glob(os.path.join(WHEELS, "loanvisit-*.whl")))
    if not offline and not os.path.exists(os.path.join(HERE, "pyproject.toml")):
        stop("找不到安装文件：wheels 文件夹中没有 loanvisit-*.whl，请把整个安装文件夹复制过来再运行。")
    run("建立运行环境", sys.executable, "-m", "venv", "--clear", at["venv"])
    pip = [at["python"], "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-warn-script-location"]
    if offline:
        run("安装（不联网）", *(pip + ["--no-index", "--find-links", WHEELS, "loanvisit"]))
    else:
        run("下载程序包", *(pip + ["--require-hashes", "-r", os.path.join(HERE, "requirements.lock")]))
        run("安装", *(pip + ["--no-deps", HERE]))
    write_setting(at["setting"], at["python"])
    if not os.path.isdir(at["books"]):
        os.makedirs(at["books"])
    workbook = os.path.join(at["books"], WORKBOOK)
    if not os.path.exists(workbook):
        run("生成工作簿", at["python"], "-P", "-m", "toolkit", "new", workbook)
    run("生成拖放程序", at["python"], "-P", "-m", "toolkit", "launchers", os.path.join(at["books"], "快捷操作"))
    if not powershell(_LINK, workbook):
        print("没有建立桌面快捷方式，请自己到该文件夹打开工作簿。")
    run("检查环境", at["python"], "-P", "-m", "toolkit", "doctor", at["books"])
    print("安装完成，工作簿在 " + workbook)


def write_setting(path, program):
    """Excel's macros and cmd.exe read it in the code page of the system."""
    try:
        content = program.encode("mbcs" if WINDOWS else "utf-8")
    except UnicodeEncodeError:
        content = program.encode("utf-8")
    if not os.path.isdir(os.path.dirname(path)):
        os.makedirs(os.path.dirname(path))
    with open(path, "wb") as file:
        file.write(content + b"\r\n")


def powershell(script, target):
    """Paths go through the environment: nothing of them is read as a command."""
    if not shutil.which("powershell"):
        return False
    environment = dict(os.environ, LOANVISIT_LINK="贷款回访.lnk", LOANVISIT_TARGET=target)
    return subprocess.call(["powershell", "-NoProfile", "-Command", script], env=environment) == 0


def remove(at):
    """Take away what `install` made, except the folder with the workbooks."""
    powershell(_UNLINK, "")
    try:
        if os.path.isdir(at["venv"]):
            shutil.rmtree(at["venv"])
        if os.path.isdir(at["base"]) and not os.listdir(at["base"]):
            os.rmdir(at["base"])
        if os.path.exists(at["setting"]):
            os.remove(at["setting"])
    except OSError as error:
        stop("没有删除干净（{}），请关闭 Excel 和正在运行的按钮后再试。".format(error.strerror))
    print("已卸载；工作簿仍在 " + at["books"])


def main(arguments):
    if sys.version_info < (3, 11):
        stop("需要 Python 3.11 或更新的版本，本机是 {}，请先安装新版本。".format(sys.version.split()[0]))
    if arguments not in ([], ["install"], ["remove"]):
        stop("用法：setup_windows.cmd 安装；setup_windows.cmd remove 卸载。")
    (remove if arguments == ["remove"] else install)(places(os.environ))


if __name__ == "__main__":
    main(sys.argv[1:])
