"""Problems found by visits: how grave, by when, in what state (六 of the regulation)."""
