"""Where tables live: closed files today, open programs later."""
