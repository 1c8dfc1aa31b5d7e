"""What each action of menus and toolbar does."""
