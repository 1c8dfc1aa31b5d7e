"""The window itself: docks, menus, toolbar, status bar."""
