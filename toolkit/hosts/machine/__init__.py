"""What the computer has that a button needs. Every check looks only, and says what to do about what it finds."""
