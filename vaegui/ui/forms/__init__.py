"""Forms made from declarations."""

from __future__ import annotations

from vaegui.ui.forms.form import Form

__all__ = ["Form"]
