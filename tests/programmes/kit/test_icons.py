"""Icons come from the npm package, by name."""

import pytest

from programmes.kit import icons


class TestIcon:
    def test_is_drawn_inline_and_hidden(self):
        drawn = icons.icon("check", "sm")

        assert drawn.startswith('<svg class="icon sm" viewBox="0 0 24 24"')
        assert 'aria-hidden="true"' in drawn
        assert 'd="M20 6 9 17l-5-5"' in drawn

    @pytest.mark.parametrize("name", ["no-such-icon", "../package", "Check", ""])
    def test_unknown_name_raises_where_strict(self, settings, name):
        settings.ICONS_STRICT = True

        with pytest.raises(icons.UnknownIconError):
            icons.icon(name)

    def test_unknown_name_is_empty_for_readers(self, settings):
        settings.ICONS_STRICT = False

        assert "></svg>" in icons.icon("no-such-icon")
