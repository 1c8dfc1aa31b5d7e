"""What tells or asks the user something: dialogs and the bars above the docks."""
