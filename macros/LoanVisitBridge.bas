Attribute VB_Name = "LoanVisitBridge"
' Every button calls CallTool with the name of its action; CallTool starts Python and waits until Python says that it
' runs. Python then works on the open workbook by itself and ends with one message.
'
' ASCII only: a VBA project knows one code page, and Chinese would turn into question marks. What users read comes from
' LoanVisitSentences, which is generated.
'
' No "Option Explicit" here: ThisComponent is an object in LibreOffice and must be an empty variable elsewhere. No
' conditional compilation either: LibreOffice does not know it, and then no macro of the project runs.
'
' No command processor is involved, and nothing that was typed into a cell is run but the path of the Python program.

Private Const PatienceSeconds = 20
Private Waiting As Boolean

Public Sub CallTool(ByVal Action As String)
    Dim Sentence As String
    If Waiting Then
        MsgBox SaySecondPress(), vbExclamation, SayTitle()
        Exit Sub
    End If
    Waiting = True
    On Error GoTo Failed
    Sentence = StartTool(Action)
Ended:
    Waiting = False
    If Sentence <> "" Then MsgBox Sentence, vbExclamation, SayTitle()
    Exit Sub
Failed:
    Sentence = SayCannotStart() & " (" & Err.Description & ")"
    Resume Ended
End Sub

' Starts Python; returns the sentence for the user if that is not possible, else nothing.
Private Function StartTool(ByVal Action As String) As String
    Dim Python As String, Answer As String
    If WorkbookPlace() = "" Then
        StartTool = SayUnsaved()
        Exit Function
    End If
    Python = FindPython()
    If Python = "" Then
        StartTool = SayNoPython()
        Exit Function
    End If
    Answer = SettingsFolder() & "answer-" & CStr(CLng(Date)) & "-" & CStr(Int(Timer * 100)) & ".txt"
    If InLibreOffice() Then
        StartFromLibreOffice Action, Python, Answer
    Else
        StartFromExcel Action, Python, Answer
    End If
    StartTool = AnswerIn(Answer)
End Function

Private Function InLibreOffice() As Boolean
    InLibreOffice = IsObject(ThisComponent)
End Function

Private Function WorkbookPlace() As String
    If InLibreOffice() Then
        WorkbookPlace = ThisComponent.getURL()
    ElseIf ThisWorkbook.Path <> "" Then
        WorkbookPlace = ThisWorkbook.FullName
    End If
End Function

' The paths go through the environment: WScript.Shell expands %...% in a command, but not in what it has put there, so
' that a folder may have any name.
Private Sub StartFromExcel(ByVal Action As String, ByVal Python As String, ByVal Answer As String)
    Dim WindowsShell As Object, Variables As Object
    Set WindowsShell = CreateObject("WScript.Shell")
    Set Variables = WindowsShell.Environment("PROCESS")
    Variables.Item("LOANVISIT_PYTHON") = Python
    Variables.Item("LOANVISIT_WORKBOOK") = WorkbookPlace()
    Variables.Item("LOANVISIT_ANSWER") = Answer
    WindowsShell.Run """%LOANVISIT_PYTHON%"" -P -m toolkit press " & Action & " --host excel --hwnd " & _
        CStr(Application.Hwnd) & " --workbook ""%LOANVISIT_WORKBOOK%"" --answer ""%LOANVISIT_ANSWER%""", 0, False
End Sub

' Asynchronous, as it must be: Python talks to this program, which could not answer while it waits for Python to end.
' The workbook's place is a URL, which holds neither blanks nor quotation marks.
Private Sub StartFromLibreOffice(ByVal Action As String, ByVal Python As String, ByVal Answer As String)
    Shell """" & Python & """ -P -m toolkit press " & Action & " --host libreoffice --workbook """ & _
        WorkbookPlace() & """ --answer """ & Answer & """", 0
End Sub

' Python writes this file once it has taken over: empty, or with the sentence why it cannot. Without the file there is a
' wrong, too old or blocked Python.
Private Function AnswerIn(ByVal Answer As String) As String
    Dim Start As Double, Passed As Double
    Start = Timer
    Do
        DoEvents
        If FileThere(Answer) Then
            AnswerIn = Replace(TextIn(Answer), vbLf, "")
            Kill Answer
            Exit Function
        End If
        Passed = Timer - Start
        If Passed < 0 Then Passed = Passed + 86400
    Loop While Passed < PatienceSeconds
    AnswerIn = SayNoAnswer()
End Function

' The Python program: named on the first sheet, else in xlwings.conf beside the workbook, else in the user's setting
' that set-up wrote, else the one that PATH has loanvisit beside.
Private Function FindPython() As String
    FindPython = Windowless(NamedInWorkbook())
    If FindPython = "" Then FindPython = Windowless(NamedInXlwingsConf())
    If FindPython = "" Then FindPython = Windowless(FirstLine(SettingsFolder() & "python.txt", ""))
    If FindPython = "" Then FindPython = Windowless(OnPath())
End Function

' The program that opens no console window, where there is one; nothing if there is no such file.
Private Function Windowless(ByVal Program As String) As String
    Dim Twin As String
    Program = Trim(Program)
    If Program = "" Then Exit Function
    If LCase(Right(Program, 11)) = "\python.exe" Then
        Twin = Left(Program, Len(Program) - 4) & "w.exe"
        If FileThere(Twin) Then Program = Twin
    End If
    If FileThere(Program) Then Windowless = Program
End Function

Private Function NamedInWorkbook() As String
    On Error Resume Next
    If InLibreOffice() Then
        NamedInWorkbook = ThisComponent.NamedRanges.getByName("loanvisit_python").getReferredCells() _
            .getCellByPosition(0, 0).getString()
    Else
        NamedInWorkbook = CStr(ThisWorkbook.Names("loanvisit_python").RefersToRange.Value)
    End If
End Function

' A line of that file is "INTERPRETER_WIN","C:\...\python.exe".
Private Function NamedInXlwingsConf() As String
    Dim Found As String, Parts
    If InLibreOffice() Then Exit Function
    Found = FirstLine(ThisWorkbook.Path & "\xlwings.conf", """INTERPRETER_WIN""")
    If Found = "" Then Exit Function
    Parts = Split(Found, """")
    If UBound(Parts) >= 3 Then NamedInXlwingsConf = Parts(3)
End Function

Private Function OnPath() As String
    Dim Folder, Separator As String, Slash As String, Suffix As String
    Separator = ":"
    Slash = "/"
    If OnWindows() Then
        Separator = ";"
        Slash = "\"
        Suffix = ".exe"
    End If
    For Each Folder In Split(Environ("PATH"), Separator)
        If OnPath = "" And Folder <> "" Then
            If FileThere(Folder & Slash & "loanvisit" & Suffix) Then
                If FileThere(Folder & Slash & "python" & Suffix) Then OnPath = Folder & Slash & "python" & Suffix
            End If
        End If
    Next
End Function

Private Function OnWindows() As Boolean
    OnWindows = Environ("APPDATA") <> ""
End Function

' The user's own folder of this tool, with the separator at its end.
Private Function SettingsFolder() As String
    If OnWindows() Then
        SettingsFolder = Environ("APPDATA") & "\loanvisit\"
    ElseIf Environ("XDG_CONFIG_HOME") <> "" Then
        SettingsFolder = Environ("XDG_CONFIG_HOME") & "/loanvisit/"
    Else
        SettingsFolder = Environ("HOME") & "/.config/loanvisit/"
    End If
End Function

Private Function FileThere(ByVal Place As String) As Boolean
    On Error Resume Next
    If InLibreOffice() Then
        FileThere = Dir(Place) <> ""
    Else
        FileThere = CreateObject("Scripting.FileSystemObject").FileExists(Place)
    End If
End Function

' The first line of a UTF-8 file that begins with Beginning; nothing if there is none.
Private Function FirstLine(ByVal Place As String, ByVal Beginning As String) As String
    Dim Row
    If Not FileThere(Place) Then Exit Function
    For Each Row In Split(TextIn(Place), vbLf)
        If FirstLine = "" And Left(Row, Len(Beginning)) = Beginning Then FirstLine = Row
    Next
End Function

' A UTF-8 file, every line ended by a line feed.
Private Function TextIn(ByVal Place As String) As String
    Dim Number As Integer, Stream As Object, Row As String
    On Error Resume Next
    If InLibreOffice() Then
        Number = FreeFile
        Open Place For Input As #Number
        Do While Not EOF(Number)
            Line Input #Number, Row
            TextIn = TextIn & Row & vbLf
        Loop
        Close #Number
    Else
        Set Stream = CreateObject("ADODB.Stream")
        Stream.Charset = "utf-8"
        Stream.Open
        Stream.LoadFromFile Place
        TextIn = Replace(Stream.ReadText, vbCr, "") & vbLf
        Stream.Close
    End If
End Function
