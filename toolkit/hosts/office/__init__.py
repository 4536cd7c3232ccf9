"""LibreOffice from outside: how to reach the running program, and the agent that speaks UNO for us."""
