"""Looks at a LibreOffice through its accessibility interface; runs under the Python that has `uno`.

`office_eyes.py PIPE COMMAND [ARGUMENT]` prints JSON: `button CAPTION` its middle on the screen (null if not in sight),
`tab SHEET` that of the tab, `messages` [text, middles of its buttons] of each open dialog, `save` saves it, `open URL`,
`open-read-only URL`, `close URL` without saving, `protect URL` its structure, `controls URL` [caption, script] of the
buttons of its first sheet.
"""

import json
import sys

import uno
from com.sun.star.beans import PropertyValue

DIALOGS, BUTTONS, TABS = (1, 12), (44,), (38,)
DEEPEST = 400


def office(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")


def within(accessible):
    """Every accessible context below, itself included; not the millions of cells."""
    context = accessible.getAccessibleContext()
    yield context
    for i in range(context.getAccessibleChildCount() if context.getAccessibleChildCount() < DEEPEST else 0):
        yield from within(context.getAccessibleChild(i))


def windows(context):
    toolkit = context.ServiceManager.createInstanceWithContext("com.sun.star.awt.Toolkit", context)
    return [toolkit.getTopWindow(i) for i in range(toolkit.getTopWindowCount())]


def middle(part):
    place, size = part.getLocationOnScreen(), part.getSize()
    return [place.X + size.Width // 2, place.Y + size.Height // 2]


def said(dialog):
    return "\n".join(part.getAccessibleName() for part in within(dialog))


def controls(forms):
    found = []
    for form in map(forms.getByIndex, range(forms.Count)):
        for i in range(form.Count):
            scripts = [event.ScriptCode for event in form.getScriptEvents(i)]
            found.append([form.getByIndex(i).Label, scripts[0] if scripts else ""])
    return found


def at(desktop, url, command):
    """Do it with each document of this URL."""
    components, answer = desktop.Components.createEnumeration(), False
    while components.hasMoreElements():
        one = components.nextElement()
        if getattr(one, "URL", "") != url:
            continue
        answer = True
        if command == "controls":
            return controls(one.Sheets.getByIndex(0).DrawPage.Forms)
        if command == "protect":
            one.protect("")
        else:
            one.setModified(False)
            one.close(True)
    return answer


def main(pipe, command, argument=""):
    context = office(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    if command == "open":
        desktop.loadComponentFromURL(argument, "_blank", 0, ())
        return True
    if command == "open-read-only":
        desktop.loadComponentFromURL(argument, "_blank", 0, (PropertyValue("ReadOnly", 0, True, 0),))
        return True
    if command in ("controls", "close", "protect"):
        return at(desktop, argument, command)
    frame = desktop.Frames.getByIndex(0)
    if command == "messages":
        dialogs = [one for one in windows(context) if one.getAccessibleContext().getAccessibleRole() in DIALOGS]
        return [
            [said(one), [middle(part) for part in within(one) if part.getAccessibleRole() in BUTTONS]]
            for one in dialogs
        ]
    if command == "save":
        frame.Controller.Model.store()
        return None
    roles = TABS if command == "tab" else BUTTONS
    found = [part for part in within(frame.ComponentWindow) if part.getAccessibleRole() in roles]
    # Where panes are frozen each of them has the button, and one shows it.
    shown = [part for part in found if part.getAccessibleName() == argument and part.getSize().Width]
    return middle(shown[0]) if shown else None


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
