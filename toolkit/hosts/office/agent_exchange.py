"""Part of the agent: another file in the place of the open document. Runs where `agent.py` runs."""

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.lang import DisposedException
from com.sun.star.uno import Exception as UnoException

NEVER_EXECUTE, AS_CONFIGURED = 0, 3  # com.sun.star.document.MacroExecMode


def try_open(service, path):
    """Does this file open as a workbook? Nobody sees it, no macro of it runs. `service` makes a service by its name."""
    options = {"Hidden": True, "ReadOnly": True, "MacroExecutionMode": NEVER_EXECUTE}
    tried = load(service, uno.systemPathToFileUrl(path), options)
    if tried is None:
        return False
    good = tried.supportsService("com.sun.star.sheet.SpreadsheetDocument")
    tried.close(True)
    return good


def load(service, url, options):
    """The document, None if it cannot be loaded."""
    given = tuple(PropertyValue(name, 0, value, 0) for name, value in options.items())
    try:
        return service("com.sun.star.frame.Desktop").loadComponentFromURL(url, "_blank", 0, given)
    except DisposedException:
        raise
    except UnoException:
        return None


def reload(agent, url):
    """Load the document anew from its file, in its window and with the macros that the user has allowed; if it is not
    open any more, in a window of its own.

    Says whether that was done; if not, an open one stays with its changes.
    """
    agent.quiet()
    agent.take(url)
    old = agent.document
    if old is not None:
        changed = old.isModified()
        old.setModified(False)  # no question whether to give up the changes
        helper, synchronous = agent.service("com.sun.star.frame.DispatchHelper"), PropertyValue()
        synchronous.Name, synchronous.Value = "SynchronMode", True
        helper.executeDispatch(old.CurrentController.Frame, ".uno:Reload", "", 0, (synchronous,))
        agent.take(url)
        if agent.document == old:
            old.setModified(changed)
            return False
    if agent.document is None:
        handler = agent.service("com.sun.star.task.InteractionHandler")
        load(agent.service, url, {"MacroExecutionMode": AS_CONFIGURED, "InteractionHandler": handler})
        agent.take(url)
    return agent.document is not None
